// The identities of all apps: each app is told all of them, so that they come before the apps.

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Makes names unique: 13 characters of the environment.')
param token string

var names = loadJsonContent('../names.json')

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = [for app in names.apps: {
  name: 'id-${app}-${token}'
  location: location
  tags: tags
}]

@description('Object ids of their service principals: who made a change, as Entra tells it in its audit log.')
output principalIds array = [for (app, i) in names.apps: identities[i].properties.principalId]

@description('Client ids: the log tells them in some of its lines.')
output clientIds array = [for (app, i) in names.apps: identities[i].properties.clientId]
