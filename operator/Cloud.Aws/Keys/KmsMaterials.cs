using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>The materials of one key of EXTERNAL origin: listed, rotated to, taken away.</summary>
internal sealed class KmsMaterials(ImportCalls kms)
{
    private const int PageSize = 100;

    /// <summary>KMS rotates a key 25 times on demand; a list longer than two pages is not one of a key's.</summary>
    private const int MostPages = 4;

    /// <summary>As KMS lists them: oldest first.</summary>
    public async Task<IReadOnlyList<HeldMaterial>> ListAsync(KeyRef key, CancellationToken cancellation)
    {
        var found = new List<HeldMaterial>();
        string? marker = null;
        for (var page = 0; page < MostPages; page++)
        {
            var request = new ListKeyRotationsRequest
            {
                KeyId = key.Id,
                IncludeKeyMaterial = IncludeKeyMaterial.ALL_KEY_MATERIAL,
                Limit = PageSize,
                Marker = marker,
            };
            var answer = await kms.SendAsync("ListKeyRotations", key.Region,
                (client, stop) => client.ListKeyRotationsAsync(request, stop), cancellation);
            found.AddRange((answer.Rotations ?? []).Where(entry => entry.KeyMaterialId is { Length: > 0 }).Select(Of));
            if (answer.Truncated is not true || answer.NextMarker is not { Length: > 0 } next)
            {
                return found;
            }

            marker = next;
        }

        throw new CloudException(
            new CloudProblem.Refused("TooManyMaterials", "the key lists more materials than KMS allows"),
            "kms:ListKeyRotations");
    }

    public async Task<RotationOutcome> RotateAsync(KeyRef key, CancellationToken cancellation)
    {
        var request = new RotateKeyOnDemandRequest { KeyId = key.Id };
        try
        {
            await kms.SendAsync("RotateKeyOnDemand", key.Region,
                (client, stop) => client.RotateKeyOnDemandAsync(request, stop), cancellation);
            return RotationOutcome.Rotated;
        }
        catch (CloudException spent) when (spent.Problem.Code == "LimitExceededException")
        {
            return RotationOutcome.NoneLeft;
        }
        catch (CloudException refused) when (refused.Problem is CloudProblem.KeyUnusable)
        {
            // Perhaps a first try's answer was lost. Where a material still waits, the key's state is in the way.
            return (await ListAsync(key, cancellation)).Any(material => material.Use == MaterialUse.PendingRotation)
                ? throw new CloudException(refused.Problem, refused.Operation, refused.RequestId, refused)
                : RotationOutcome.NothingPending;
        }
    }

    /// <summary>
    /// The current one first: without it the key decrypts nothing, whatever comes of the rest. Then every other one, or
    /// it would come back with one upload that need not be the tenant's.
    /// </summary>
    public async Task DeleteAllAsync(KeyRef key, CancellationToken cancellation)
    {
        try
        {
            await DeleteAsync(key, materialId: null, cancellation);
            foreach (var left in (await ListAsync(key, cancellation)).Where(material => material.IsImported))
            {
                await DeleteAsync(key, left.Id, cancellation);
            }
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            // No key, no material: what was asked for holds.
        }
    }

    private Task<DeleteImportedKeyMaterialResponse> DeleteAsync(
        KeyRef key, string? materialId, CancellationToken cancellation)
    {
        var request = new DeleteImportedKeyMaterialRequest { KeyId = key.Id, KeyMaterialId = materialId };
        return kms.SendAsync("DeleteImportedKeyMaterial", key.Region,
            (client, stop) => client.DeleteImportedKeyMaterialAsync(request, stop), cancellation);
    }

    private static HeldMaterial Of(RotationsListEntry entry)
    {
        var isImported = entry.ImportState == ImportState.IMPORTED;
        return new HeldMaterial(entry.KeyMaterialId, UseOf(entry.KeyMaterialState?.Value), isImported, isImported
            ? ExpiryOf(entry) : null)
        {
            RotatedAt = entry.RotationDate is { } date ? new DateTimeOffset(date.ToUniversalTime()) : null,
        };
    }

    /// <summary>A state that is not known yet is read as one that the key needs.</summary>
    private static MaterialUse UseOf(string? state) => state switch
    {
        "CURRENT" => MaterialUse.Current,
        "PENDING_ROTATION" or "PENDING_MULTI_REGION_IMPORT_AND_ROTATION" => MaterialUse.PendingRotation,
        _ => MaterialUse.Earlier,
    };

    private static MaterialExpiry? ExpiryOf(RotationsListEntry entry) => entry.ExpirationModel?.Value switch
    {
        "KEY_MATERIAL_EXPIRES"
            when entry.ValidTo is { } end => new MaterialExpiry.At(new DateTimeOffset(end.ToUniversalTime())),
        "KEY_MATERIAL_DOES_NOT_EXPIRE" => new MaterialExpiry.Never(),
        _ => null,
    };
}
