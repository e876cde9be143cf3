// What one identity may do outside its own storage: roles at the narrowest scope, no keys anywhere.

@description('The app\'s name: its rights on tables and queues stand under it in names.json.')
param app string

@description('Object id of the app\'s identity.')
param principalId string

@description('{ publishesEvents: bool, readsSecrets: bool }')
param access object

@description('Name of the Service Bus namespace.')
param namespaceName string

@description('Name of the account that holds the tables.')
param stateAccountName string

@description('Name of the Key Vault.')
param vaultName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

var names = loadJsonContent('../names.json')
var rights = names.rights[app]
var serviceBusDataSender = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
)
var serviceBusDataReceiver = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
)
var storageTableDataReader = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '76199698-9eea-4c19-bc75-cec21354c6b6'
)
var storageTableDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
)
var keyVaultSecretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b874-0445c86b69e6'
)
var monitoringMetricsPublisher = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '3913510d-42f4-4e42-8a64-420c390055eb'
)

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource sendQueues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = [for queue in rights.sendsTo: {
  parent: serviceBus
  name: queue
}]

resource receiveQueues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = [for queue in rights.receivesFrom: {
  parent: serviceBus
  name: queue
}]

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = {
  parent: serviceBus
  name: names.eventsTopic
}

resource stateAccount 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: stateAccountName
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' existing = {
  parent: stateAccount
  name: 'default'
}

resource readTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' existing = [for table in rights.readsTables: {
  parent: tableService
  name: table
}]

resource writeTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' existing = [for table in rights.writesTables: {
  parent: tableService
  name: table
}]

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource sends 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queue, i) in rights.sendsTo: {
  name: guid(sendQueues[i].id, principalId, serviceBusDataSender)
  scope: sendQueues[i]
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: serviceBusDataSender
  }
}]

resource receives 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queue, i) in rights.receivesFrom: {
  name: guid(receiveQueues[i].id, principalId, serviceBusDataReceiver)
  scope: receiveQueues[i]
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: serviceBusDataReceiver
  }
}]

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (access.publishesEvents) {
  name: guid(topic.id, principalId, serviceBusDataSender)
  scope: topic
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: serviceBusDataSender
  }
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (table, i) in rights.readsTables: {
  name: guid(readTables[i].id, principalId, storageTableDataReader)
  scope: readTables[i]
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: storageTableDataReader
  }
}]

resource writes 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (table, i) in rights.writesTables: {
  name: guid(writeTables[i].id, principalId, storageTableDataContributor)
  scope: writeTables[i]
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: storageTableDataContributor
  }
}]

resource secrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (access.readsSecrets) {
  name: guid(vault.id, principalId, keyVaultSecretsUser)
  scope: vault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: keyVaultSecretsUser
  }
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(applicationInsights.id, principalId, monitoringMetricsPublisher)
  scope: applicationInsights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: monitoringMetricsPublisher
  }
}
