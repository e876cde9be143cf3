// One package, several function apps: an identity of its own per app, because identities inside one
// process are not separated. Names of queues, tables and functions come from names.json, which is
// generated from shared/names.py.
targetScope = 'subscription'

@description('Name of the environment: part of the resource group\'s name and of every unique name.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Azure region. It must offer Flex Consumption: az functionapp list-flexconsumption-locations')
param location string

@description('The Entra tenant whose people are managed. The identities live in the same tenant.')
param tenantId string = tenant().tenantId

@description('Which Microsoft cloud, for the hosts of Microsoft Graph. GCC High and DoD share one Azure cloud, so that this cannot be told from the deployment.')
@allowed([
  'global'
  'us-government'
  'us-government-dod'
  'china'
])
param cloud string = 'global'

@description('Object ids (GUIDs; an app refuses anything else) of the break-glass accounts: these accounts are never changed. Whether they exist is not checked.')
@minLength(2)
param breakGlassIds array

@description('HR sources by the name in the address of their webhook (lower-case letters, digits and dashes): { profile: object, rotating: bool }. The secrets are put in Key Vault by hand; the second one is read while rotating is true.')
param hrSources object = {}

@description('Ticket sources, likewise; the name of none of them is the name of an HR source.')
param resetSources object = {}

@description('How senders of tickets on the queue sign: the numbers (1, 2) of the secrets that are in Key Vault, and whether everybody has to sign.')
param queueSignatures object = {
  secrets: []
  required: false
}

@description('Client id of the app registration for people. Left empty, nobody can call the operators app.')
param operatorsClientId string = ''

@description('Client id of the app registration that HR sources of the scheme entra-principal send tokens for. Left empty, such sources are refused.')
param intakeClientId string = ''

@description('Python version of the apps. requirements.txt has pins for 3.11 to 3.13.')
@allowed([
  '3.12'
  '3.13'
])
param pythonVersion string = '3.13'

@description('Memory of one instance by app, in MB: 512, 2048 or 4096.')
param instanceMemory object = {
  intake: 2048
  lifecycle: 2048
  reset: 2048
  operators: 2048
  sweep: 2048
}

@description('Always-ready instances by app: [{ name: http or function:NAME, instanceCount: int }]. Empty = scale to zero.')
param alwaysReady object = {
  intake: []
  lifecycle: []
  reset: []
  operators: []
  sweep: []
}

@description('When the nightly sweep begins: NCRONTAB, seconds first, in UTC. Left empty, at 02:00.')
param sweepSchedule string = ''

@description('Service Bus tier. Basic has no topics and no duplicate detection.')
@allowed([
  'Standard'
  'Premium'
])
param serviceBusTier string = 'Standard'

@description('Redundancy of the tables. Not every region has zones; an acknowledged webhook should outlive a data centre where it can.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GZRS'
])
param stateRedundancy string = 'Standard_ZRS'

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

var names = loadJsonContent('names.json')
var tags = {
  'azd-env-name': environmentName
}
var token = uniqueString(subscription().id, environmentName, location)

// Rights on tables and queues are listed in names.json; these are the others.
var access = {
  intake: {
    publishesEvents: false
    readsSecrets: true
  }
  lifecycle: {
    publishesEvents: true
    readsSecrets: false
  }
  reset: {
    publishesEvents: true
    readsSecrets: !empty(queueSignatures.secrets)
  }
  operators: {
    publishesEvents: false
    readsSecrets: false
  }
  sweep: {
    publishesEvents: true
    readsSecrets: false
  }
}

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    retentionDays: logRetentionDays
  }
}

module messaging 'modules/messaging.bicep' = {
  name: 'messaging'
  scope: group
  params: {
    location: location
    tags: tags
    namespaceName: 'sb-${token}'
    tier: serviceBusTier
  }
}

module state 'modules/state.bicep' = {
  name: 'state'
  scope: group
  params: {
    location: location
    tags: tags
    accountName: 'ststate${token}'
    redundancy: stateRedundancy
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    location: location
    tags: tags
    vaultName: 'kv-${token}'
  }
}

module identities 'modules/identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
  }
}

module apps 'modules/function-app.bicep' = [for app in names.apps: {
  name: 'app-${app}'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    app: app
    access: access[app]
    pythonVersion: pythonVersion
    instanceMemory: instanceMemory[app]
    alwaysReady: alwaysReady[app]
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    namespaceName: messaging.outputs.namespaceName
    serviceBusHost: messaging.outputs.host
    stateAccountName: state.outputs.accountName
    tablesEndpoint: state.outputs.tablesEndpoint
    vaultName: vault.outputs.vaultName
    vaultUri: vault.outputs.vaultUri
    tenantId: tenantId
    cloud: cloud
    breakGlassIds: breakGlassIds
    identityIds: concat(identities.outputs.principalIds, identities.outputs.clientIds)
    sweepSchedule: sweepSchedule
    // Operators name the sources that they suspend; the signing secrets of webhooks go to intake alone.
    hrSources: contains(['intake', 'operators'], app) ? hrSources : {}
    resetSources: contains(['intake', 'operators'], app) ? resetSources : {}
    queueSignatures: app == 'reset' ? queueSignatures : { secrets: [], required: false }
    // People call the operators app, and machines that bear tokens in place of signatures intake.
    authClientId: app == 'operators' ? operatorsClientId : app == 'intake' ? intakeClientId : ''
  }
}]

@description('Each app\'s identity, for infra/grant_graph_roles.py: [{ app, principalId }].')
output APP_IDENTITIES array = [for (app, i) in names.apps: {
  app: app
  principalId: apps[i].outputs.principalId
}]

@description('Where each app answers: [{ app, host }].')
output APP_HOSTS array = [for (app, i) in names.apps: {
  app: app
  host: apps[i].outputs.host
}]

@description('Where the signing secrets of the sources are to be put.')
output KEY_VAULT_NAME string = vault.outputs.vaultName
