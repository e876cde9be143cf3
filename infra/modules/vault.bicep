// Holds the signing secrets of the HR sources and nothing else; their values never pass through here.

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the Key Vault.')
param vaultName string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: vaultName
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
  }
}

output vaultName string = vault.name
output vaultUri string = vault.properties.vaultUri
