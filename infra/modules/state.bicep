// The tables that hold the cases. Nothing but tables is in this account, and no app's host uses it.

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the storage account: 24 characters at most.')
param accountName string

@description('A storage SKU: Standard_LRS, Standard_ZRS or Standard_GZRS.')
param redundancy string

var names = loadJsonContent('../names.json')

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    defaultToOAuthAuthentication: true
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [for table in names.tables: {
  parent: tableService
  name: table
}]

output accountName string = account.name
output tablesEndpoint string = account.properties.primaryEndpoints.table
