using Cloud;
using Cloud.Aws;
using Cloud.Azure;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Routing;
using Cloud.Stores;

namespace ByokOperator.Hosting;

/// <summary>The clouds as the operator sees them: six ports.</summary>
internal sealed record CloudPorts(
    ITenantKeys Keys, IImportedKeys Imported, IKeyPolicies Policies, IObjectStores Stores, IObjectData Objects,
    IObjectEncryption Encryption)
{
    /// <summary>Each cloud's adapters behind the same ports. A cloud that is not set up is asked nothing,
    /// and says what to set.</summary>
    public static CloudPorts Of(AwsCloud aws, AzureCloud? azure) => new(
        new RoutedTenantKeys(new(aws.Keys, azure?.Keys)),
        new RoutedImportedKeys(new(aws.ImportedKeys, azure?.ImportedKeys)),
        new RoutedKeyPolicies(new(aws.Policies, azure?.Policies)),
        new RoutedObjectStores(new(aws.Stores, azure?.Stores)),
        new RoutedObjectData(new(aws.Objects, azure?.Objects)),
        new RoutedObjectEncryption(new(aws.ObjectEncryption, azure?.ObjectEncryption)));
}
