namespace ByokOperator.Api;

/// <summary>Where a spec puts its store, in words that every cloud has.
/// What goes by it need not know which cloud it is.</summary>
internal sealed record StorePlace
{
    public const string Aws = "aws";
    public const string Azure = "azure";

    /// <summary>What stands for a region where one key serves all of them.</summary>
    public const string AnyRegion = "global";

    /// <summary>No place, or two: nothing is looked for anywhere.</summary>
    private static readonly StorePlace Nowhere = new();

    public string Cloud { get; init; } = "";

    /// <summary>Where the data stands: a region, a location.</summary>
    public string Region { get; init; } = "";

    /// <summary>Which of the key's regions serves it.</summary>
    public string KeyRegion { get; init; } = "";

    /// <summary>What is this store's alone, as the spec names it: a bucket, a storage account.
    /// Null where the name is derived.</summary>
    public string? Own { get; init; }

    /// <summary>Part of <see cref="Own"/> that the data lies in; null where it is all of it.</summary>
    public string? Container { get; init; }

    /// <summary>What the cloud's control plane needs besides the name.</summary>
    public string? Scope { get; init; }

    public SharedPlace? Shared { get; init; }

    /// <summary>Objects share a key of the bucket's for a while.</summary>
    public bool BucketKey { get; init; }

    /// <summary>The field that <see cref="Own"/> is named in.</summary>
    public string OwnField { get; init; } = "spec";

    public bool IsNamed => Cloud.Length > 0;

    public static StorePlace Of(EncryptedStoreSpec spec) => (spec.Aws, spec.Azure) switch
    {
        ({ } aws, null) => Of(aws) with { Shared = Of(spec.Shared?.Aws) },
        (null, { } azure) => Of(azure) with { Shared = Of(spec.Shared?.Azure, azure) },
        _ => Nowhere,
    };

    /// <summary>The store's full name: as the spec has it, else one that no other store can have.</summary>
    /// <param name="tenant">Whose the store is.</param>
    /// <param name="uid">Of the store's object.</param>
    /// <param name="number">Which of the store's buckets, where their names are derived.</param>
    public string NameFor(string tenant, string uid, int number = DerivedNames.First) => Cloud switch
    {
        Azure => $"{Own ?? DerivedNames.Account(tenant, uid)}/{Container}",
        _ => Own ?? DerivedNames.Bucket(tenant, uid, number),
    };

    /// <summary>A store whose bucket nobody named can have another one beside it.</summary>
    public bool HasNext => Cloud == Aws && Own is null;

    /// <summary>A bucket, or the account that a container is in.</summary>
    /// <param name="name">A place's full name.</param>
    public static string HolderOf(string name) => name.Split('/')[0];

    private static StorePlace Of(AwsStore aws) => new()
    {
        Cloud = Aws,
        Region = aws.Region,
        KeyRegion = aws.Region,
        Own = NullIfEmpty(aws.BucketName),
        OwnField = "spec.aws.bucketName",
        BucketKey = aws.BucketKey == "On",
    };

    private static StorePlace Of(AzureStore azure) => new()
    {
        Cloud = Azure,
        Region = azure.Location,
        KeyRegion = AnyRegion,
        Own = NullIfEmpty(azure.AccountName),
        Container = azure.Container,
        Scope = $"{azure.SubscriptionId}/{azure.ResourceGroup}",
        OwnField = "spec.azure.accountName",
    };

    private static SharedPlace? Of(AwsSharedLocation? shared) => shared is null
        ? null
        : new(shared.Bucket, shared.Bucket, Scope: null, shared.Prefix, "spec.shared.aws", "spec.shared.aws.bucket");

    private static SharedPlace? Of(AzureSharedLocation? shared, AzureStore store) => shared is null
        ? null
        : new(
            shared.AccountName,
            $"{shared.AccountName}/{shared.Container}",
            $"{NullIfEmpty(shared.SubscriptionId) ?? store.SubscriptionId}/{NullIfEmpty(shared.ResourceGroup) ?? store.ResourceGroup}",
            shared.Prefix ?? "",
            "spec.shared.azure",
            "spec.shared.azure.accountName");

    private static string? NullIfEmpty(string? name) => string.IsNullOrEmpty(name) ? null : name;
}

/// <summary>Where a tenant's data lies without BYOK, in words that every cloud has.</summary>
/// <param name="Holder">What could be somebody's store by itself: a bucket, a storage account.</param>
/// <param name="Name">The bucket, or <c>account/container</c>.</param>
/// <param name="Prefix">Ends in a slash; empty where it is the whole of a container.</param>
/// <param name="Field">Of the spec, such as <c>spec.shared.aws</c>.</param>
/// <param name="HolderField">Of the spec, such as <c>spec.shared.aws.bucket</c>.</param>
internal sealed record SharedPlace(
    string Holder, string Name, string? Scope, string Prefix, string Field, string HolderField);
