using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Hosting;

/// <summary>The clouds as the operator sees them: five ports and the name that grants are made for.</summary>
/// <param name="DataPrincipal">Who the workloads are; null: they use the operator's own role and no grant is made.</param>
internal sealed record CloudPorts(ITenantKeys Keys, IImportedKeys Imported, IKeyPolicies Policies, IObjectStores Stores, IObjectData Objects, string? DataPrincipal);
