// One function app on Flex Consumption: the whole package, with only this app's functions enabled.

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Makes names unique: 13 characters of the environment.')
param token string

@description('The app\'s name, as shared/names.py has it; azd deploys the service of the same name here.')
param app string

@description('What the app\'s identity may do beside its tables and queues: see access.bicep.')
param access object

@description('Version of the Python runtime.')
param pythonVersion string

@description('Memory of one instance, in MB.')
param instanceMemory int

@description('Always-ready instances: see main.bicep.')
param alwaysReady array

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Name of the Service Bus namespace.')
param namespaceName string

@description('Host of the Service Bus namespace, without scheme and port.')
param serviceBusHost string

@description('Name of the account that holds the tables.')
param stateAccountName string

@description('Where Table Storage answers, with scheme.')
param tablesEndpoint string

@description('Name of the Key Vault.')
param vaultName string

@description('Where the Key Vault answers, with scheme and a slash at the end.')
param vaultUri string

@description('The Entra tenant whose people are managed.')
param tenantId string

@description('Which Microsoft cloud: see main.bicep.')
param cloud string

@description('Object ids of the accounts that are never changed.')
param breakGlassIds array

@description('Object ids and client ids of the identities of all apps.')
param identityIds array

@description('When the nightly sweep begins: see main.bicep.')
param sweepSchedule string

@description('HR sources that this app knows: see main.bicep. Their secrets reach it only if its identity may read them.')
param hrSources object

@description('Ticket sources that this app knows, likewise.')
param resetSources object

@description('How senders of tickets on the queue sign: see main.bicep.')
param queueSignatures object

@description('Client id of the app registration for people; empty = the app takes no people.')
param authClientId string

@description('Most instances that the app may grow to.')
param maximumInstances int = 40

var names = loadJsonContent('../names.json')

// identities.bicep has made it: main.bicep passes on what that module tells.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: 'id-${app}-${token}'
}

module hostStorage 'host-storage.bicep' = {
  name: 'host-storage-${app}'
  params: {
    location: location
    tags: tags
    // 24 characters at most, so that an app's name may have 9.
    accountName: 'st${app}${token}'
    principalId: identity.properties.principalId
  }
}

module roles 'access.bicep' = {
  name: 'access-${app}'
  params: {
    app: app
    principalId: identity.properties.principalId
    access: access
    namespaceName: namespaceName
    stateAccountName: stateAccountName
    vaultName: vaultName
    applicationInsightsName: applicationInsightsName
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

// Flex Consumption takes one app per plan.
resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${app}-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource site 'Microsoft.Web/sites@2024-04-01' = {
  // The host takes its id from the first 32 characters; they must differ from app to app.
  name: 'func-${app}-${token}'
  location: location
  tags: union(tags, {
    'azd-service-name': app
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: hostStorage.outputs.packagesUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'python'
        version: pythonVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReady
      }
    }
  }
  // The host starts with its rights in place; else its first minutes are failures.
  dependsOn: [
    roles
  ]
}

// Publishing goes through Entra ID; the site's own user names and passwords are off.
resource publishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = [for channel in [
  'ftp'
  'scm'
]: {
  parent: site
  name: channel
  properties: {
    allow: false
  }
}]

var platformSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  // The URI and not the account's name: from a name the host would guess the public cloud's suffix.
  AzureWebJobsStorage__blobServiceUri: hostStorage.outputs.blobEndpoint
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  // Logs are sampled with their trace, and the audit goes through the log: all of it is kept.
  OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
  OTEL_TRACES_SAMPLER_ARG: '1.0'
}

var serviceBusSettings = {
  '${names.serviceBusConnection}__fullyQualifiedNamespace': serviceBusHost
  '${names.serviceBusConnection}__credential': 'managedidentity'
  '${names.serviceBusConnection}__clientId': identity.properties.clientId
}

var applicationSettings = {
  AZURE_CLIENT_ID: identity.properties.clientId
  TABLES_ENDPOINT: tablesEndpoint
  MFA_APP: app
  MFA_TENANT_ID: tenantId
  MFA_CLOUD: cloud
  MFA_BREAK_GLASS_IDS: join(breakGlassIds, ',')
  MFA_IDENTITIES: join(identityIds, ',')
  RESETS_REQUIRE_SIGNATURE: string(queueSignatures.required)
}

// It goes to every app: the host resolves what bindings name for functions that are disabled, too.
var scheduleSettings = empty(sweepSchedule) ? {} : {
  '${names.sweepSchedule}': sweepSchedule
}

var disabledFunctions = toObject(
  names.disabledFunctions[app],
  name => 'AzureWebJobs.${name}.Disabled',
  name => 'true'
)

// A setting's name takes no dash; the app knows the source by the dashed name of its address.
var hrProfiles = toObject(
  items(hrSources),
  source => 'HR_SOURCE_${toUpper(replace(source.key, '-', '_'))}',
  source => string(source.value.profile)
)

var resetProfiles = toObject(
  items(resetSources),
  source => 'RESET_SOURCE_${toUpper(replace(source.key, '-', '_'))}',
  source => string(source.value.profile)
)

var signingSources = access.readsSecrets ? hrSources : {}
var signingResets = access.readsSecrets ? resetSources : {}
var vaultPrefix = '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/'
var hrSecrets = toObject(
  items(signingSources),
  source => 'HR_SECRET_${toUpper(replace(source.key, '-', '_'))}_1',
  source => '${vaultPrefix}hr-${source.key}-1)'
)
// A missing second secret would reach the app as the text of the reference, so it is named only
// while a source's secrets are being exchanged.
var hrNextSecrets = toObject(
  filter(items(signingSources), source => source.value.rotating),
  source => 'HR_SECRET_${toUpper(replace(source.key, '-', '_'))}_2',
  source => '${vaultPrefix}hr-${source.key}-2)'
)
var resetSecrets = toObject(
  items(signingResets),
  source => 'RESET_SECRET_${toUpper(replace(source.key, '-', '_'))}_1',
  source => '${vaultPrefix}reset-${source.key}-1)'
)
var resetNextSecrets = toObject(
  filter(items(signingResets), source => source.value.rotating),
  source => 'RESET_SECRET_${toUpper(replace(source.key, '-', '_'))}_2',
  source => '${vaultPrefix}reset-${source.key}-2)'
)
var queueSecrets = toObject(
  queueSignatures.secrets,
  number => 'RESETS_SECRET_${number}',
  number => '${vaultPrefix}resets-queue-${number})'
)

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: site
  name: 'appsettings'
  properties: union(
    platformSettings,
    serviceBusSettings,
    applicationSettings,
    names.bindingSettings,
    scheduleSettings,
    disabledFunctions,
    hrProfiles,
    hrSecrets,
    hrNextSecrets,
    resetProfiles,
    resetSecrets,
    resetNextSecrets,
    queueSecrets
  )
}

module authentication 'authentication.bicep' = if (!empty(authClientId)) {
  name: 'authentication-${app}'
  params: {
    siteName: site.name
    clientId: authClientId
    tenantId: tenantId
  }
  // Each of the two restarts the site; one after the other.
  dependsOn: [
    settings
  ]
}

output principalId string = identity.properties.principalId
output host string = site.properties.defaultHostName
