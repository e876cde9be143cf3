// Service Bus: work travels on queues, what happened is told on a topic.

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the Service Bus namespace.')
param namespaceName string

@description('Standard or Premium.')
param tier string

var names = loadJsonContent('../names.json')
// The largest message can be set on Premium only; Standard has 256 KB and refuses the property.
var premiumOnly = tier == 'Premium' ? {
  maxMessageSizeInKilobytes: names.broker.maxMessageKilobytes
} : {}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  sku: {
    name: tier
    tier: tier
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource queues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for queue in names.queues: {
  parent: serviceBus
  name: queue
  properties: union(premiumOnly, {
    lockDuration: names.broker.lockDuration
    maxDeliveryCount: names.broker.maxDeliveryCount
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: names.broker.duplicateDetection
    defaultMessageTimeToLive: names.broker.timeToLive
    // An expired command is parked by the dead-letter timer, never dropped.
    deadLetteringOnMessageExpiration: true
  })
}]

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: serviceBus
  name: names.eventsTopic
  properties: union(premiumOnly, {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: names.broker.duplicateDetection
    defaultMessageTimeToLive: names.broker.timeToLive
  })
}

resource subscriptions 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [for subscription in names.subscriptions: {
  parent: topic
  name: subscription
  properties: {
    lockDuration: names.broker.lockDuration
    maxDeliveryCount: names.broker.maxDeliveryCount
    defaultMessageTimeToLive: names.broker.timeToLive
    // Whose reader was away too long still finds the events.
    deadLetteringOnMessageExpiration: true
  }
}]

output namespaceName string = serviceBus.name

@description('The namespace\'s host, as the cloud names it: https://HOST:443/ without scheme and port.')
output host string = replace(replace(serviceBus.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
