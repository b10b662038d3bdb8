using Cloud;
using Cloud.Aws;
using Cloud.Azure;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Routing;
using Cloud.Stores;

namespace ByokOperator.Hosting;

/// <summary>The clouds as the operator sees them: five ports and the name that grants are made for.</summary>
/// <param name="DataPrincipal">Who the workloads are on AWS; null: they use the operator's own role and no grant is made.</param>
internal sealed record CloudPorts(ITenantKeys Keys, IImportedKeys Imported, IKeyPolicies Policies, IObjectStores Stores, IObjectData Objects, string? DataPrincipal)
{
    /// <summary>Each cloud's adapters behind the same ports. A cloud that is not set up is asked nothing, and says what to set.</summary>
    public static CloudPorts Of(AwsCloud aws, AzureCloud? azure, string? dataPrincipal) => new(
        new RoutedTenantKeys(new(aws.Keys, azure?.Keys)),
        new RoutedImportedKeys(new(aws.ImportedKeys, azure?.ImportedKeys)),
        new RoutedKeyPolicies(new(aws.Policies, azure?.Policies)),
        new RoutedObjectStores(new(aws.Stores, azure?.Stores)),
        new RoutedObjectData(new(aws.Objects, azure?.Objects)),
        dataPrincipal);

    /// <summary>
    /// Who gets a grant on that key; null where workloads need none: on a tenant's own key, whose policy alone lets them in, and on Azure,
    /// where the account's identity uses the key.
    /// </summary>
    public string? PrincipalFor(KeyRef key) => key is { Cloud: CloudKind.Aws, IsOurs: true } ? DataPrincipal : null;
}
