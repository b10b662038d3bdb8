using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Cluster;

/// <summary>The clouds as the operator sees them: six ports.</summary>
internal sealed record CloudPorts(
    ITenantKeys Keys, IImportedKeys Imported, IKeyPolicies Policies, IObjectStores Stores, IObjectData Objects,
    IObjectEncryption Encryption);
