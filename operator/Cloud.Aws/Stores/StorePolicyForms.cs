using System.Text.Json.Nodes;
using Cloud.Aws.Calling;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>The statements that belong on one store's policy, as this caller writes them.</summary>
internal sealed record StorePolicyForms(IReadOnlyList<JsonObject> Standing, JsonObject Closed)
{
    public static StorePolicyForms For(StoreSpec spec, AwsCaller caller, bool tlsOnly) => new(
        StoreStatements.Standing(caller.Partition, spec.Store.Name, [spec.Key.Id, .. spec.Admits.Select(key => key.Id)],
            tlsOnly, caller.Patterns),
        StoreStatements.Closed(caller.Partition, spec.Store.Name, caller.Patterns));
}
