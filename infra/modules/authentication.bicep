// App Service Authentication: the platform checks the token of a person and hands the app the
// principal. A call without a token still reaches the app, which denies by default and knows which
// routes are open (health, the function keys of machines); which role a route needs is its business.

@description('Name of the function app.')
param siteName string

@description('Client id of the app registration that defines the app roles.')
param clientId string

@description('The Entra tenant whose people are managed.')
param tenantId string

resource site 'Microsoft.Web/sites@2024-04-01' existing = {
  name: siteName
}

resource authentication 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [
            clientId
            'api://${clientId}'
          ]
        }
      }
    }
    login: {
      // Callers bring their token; nothing is kept for them.
      tokenStore: {
        enabled: false
      }
    }
  }
}
