using './main.bicep'

// azd sets the first two; the others are set with azd env set.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
// Object ids (GUIDs), separated by commas.
param breakGlassIds = split(readEnvironmentVariable('MFA_BREAK_GLASS_IDS'), ',')
param cloud = readEnvironmentVariable('MFA_CLOUD', 'global')
param operatorsClientId = readEnvironmentVariable('MFA_OPERATORS_CLIENT_ID', '')
param intakeClientId = readEnvironmentVariable('MFA_INTAKE_CLIENT_ID', '')
param sweepSchedule = readEnvironmentVariable('MFA_SWEEP_SCHEDULE', '')

// One entry for each HR system; the name is the last part of its webhook's address.
param hrSources = {}
