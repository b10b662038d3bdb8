using Amazon.KeyManagementService.Model;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>Keys of EXTERNAL origin in our own account, one per owner and region, claimed by their alias.</summary>
internal sealed class KmsImportedKeys : IImportedKeys
{
    /// <summary>KMS's own bounds on the waiting period.</summary>
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromDays(7);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(30);

    private readonly ImportCalls kms;
    private readonly AwsIdentity identity;
    private readonly ImportedKeyLook look;
    private readonly ImportedKeyScan scan;
    private readonly EarlierKeys earlier;
    private readonly MaterialImport import;
    private readonly KmsMaterials materials;

    public KmsImportedKeys(ImportCalls kms, AwsIdentity identity)
    {
        this.kms = kms;
        this.identity = identity;
        look = new ImportedKeyLook(kms);
        scan = new ImportedKeyScan(kms, look);
        earlier = new EarlierKeys(kms, look);
        import = new MaterialImport(kms, look);
        materials = new KmsMaterials(kms);
    }

    public Task<ImportedKey?> FindAsync(ImportPlace place, CancellationToken cancellation) =>
        look.DescribeAsync(place.Region, ImportedKeyTags.Alias(place.Owner), cancellation);

    public Task<IReadOnlyList<ImportedKey>> ScanAsync(ImportPlace place, CancellationToken cancellation) =>
        scan.ScanAsync(place.Owner, place.Region, cancellation);

    public Task<IReadOnlyList<EarlierKey>> FindEarlierAsync(ImportPlace place, CancellationToken cancellation) =>
        earlier.FindAsync(place.Owner, place.Region, cancellation);

    public async Task<ImportedKey> CreateAsync(
        ImportPlace place, DataPrincipal workloads, CancellationToken cancellation)
    {
        var caller = await identity.GetAsync(cancellation);
        var policy =
            ImportedKeyPolicy.For(caller.Partition, caller.Account, place.Region, caller.PrincipalArn, workloads.Aws);
        var request = ImportedKeyTags.Create(place.Owner, policy);
        var made = await kms.SendAsync("CreateKey", place.Region,
            (client, stop) => client.CreateKeyAsync(request, stop), cancellation, CallRetryPolicy.Once);
        return ImportedKeyLook.Read(place.Region, made.KeyMetadata);
    }

    public async Task<NamingOutcome> NameAsync(ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        var request = new CreateAliasRequest { AliasName = ImportedKeyTags.Alias(place.Owner), TargetKeyId = key.Id };
        try
        {
            await kms.SendAsync("CreateAlias", key.Region, (client, stop) => client.CreateAliasAsync(request, stop),
                cancellation);
            return new NamingOutcome.Named();
        }
        catch (CloudException taken) when (taken.Problem is CloudProblem.Conflict { Code: "AlreadyExistsException" })
        {
            // Perhaps by a first try whose answer was lost. A name not seen yet settles within minutes:
            // until then it stays a conflict.
            var holder = await look.DescribeAsync(key.Region, request.AliasName, cancellation)
                ?? throw new CloudException(taken.Problem, taken.Operation, taken.RequestId, taken);
            return holder.Key.Id == key.Id ? new NamingOutcome.Named() : new NamingOutcome.TakenBy(holder);
        }
    }

    public Task<ImportOutcome> ImportAsync(
        ImportPlace place,
        KeyRef key,
        ReadOnlyMemory<byte> material,
        MaterialExpiry expiry,
        string? materialId,
        CancellationToken cancellation) =>
            import.ImportAsync(key, material, (ImportKind.Of(materialId), expiry), cancellation);

    public Task<IReadOnlyList<HeldMaterial>> MaterialsAsync(
        ImportPlace place, KeyRef key, CancellationToken cancellation) => materials.ListAsync(key, cancellation);

    public Task<ImportOutcome> ImportNewAsync(
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry,
        CancellationToken cancellation) =>
        import.ImportAsync(key, material, (new ImportKind.New(), expiry), cancellation);

    public Task<RotationOutcome> RotateAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        materials.RotateAsync(key, cancellation);

    public Task DeleteMaterialAsync(ImportPlace place, KeyRef key, CancellationToken cancellation) =>
        materials.DeleteAllAsync(key, cancellation);

    public async Task ScheduleDeletionAsync(
        ImportPlace place, KeyRef key, TimeSpan window, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, ShortestWindow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, LongestWindow);
        var request = new ScheduleKeyDeletionRequest
        {
            KeyId = key.Id,
            PendingWindowInDays = (int)Math.Ceiling(window.TotalDays),
        };
        try
        {
            await kms.SendAsync("ScheduleKeyDeletion", key.Region,
                (client, stop) => client.ScheduleKeyDeletionAsync(request, stop), cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            // Deleted already.
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.KeyUnusable)
        {
            var standing = await look.DescribeAsync(key.Region, key.Id, cancellation);
            if (standing is not null and not { State: ImportedKeyState.PendingDeletion })
            {
                throw;
            }
        }
    }
}
