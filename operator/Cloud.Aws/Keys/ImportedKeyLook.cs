using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>An imported key as DescribeKey tells of it.</summary>
internal sealed class ImportedKeyLook(ImportCalls kms)
{
    /// <param name="id">ARN, or alias in our own account.</param>
    /// <returns>Null where nothing has that id.</returns>
    public async Task<ImportedKey?> DescribeAsync(string region, string id, CancellationToken cancellation)
    {
        try
        {
            var answer = await kms.SendAsync(
                "DescribeKey", region,
                (client, stop) => client.DescribeKeyAsync(new DescribeKeyRequest { KeyId = id }, stop), cancellation);
            return Read(region, answer.KeyMetadata);
        }
        catch (CloudException missing) when (missing.Problem is CloudProblem.NotFound)
        {
            return null;
        }
    }

    public static ImportedKey Read(string region, KeyMetadata known)
    {
        if (known.Origin != OriginType.EXTERNAL)
        {
            throw new CloudException(
                new CloudProblem.Conflict("ForeignKey",
                    $"'{known.Arn}' is not a key for imported material, so it is not the operator's"),
                        "kms:DescribeKey");
        }

        var state = State(known.KeyState);
        return new ImportedKey(
            new KeyRef(region, known.Arn) { IsOurs = true },
            state,
            known.CurrentKeyMaterialId,
            state == ImportedKeyState.PendingImport ? null : Expiry(known),
            known.CreationDate is { } made ? new DateTimeOffset(made.ToUniversalTime()) : DateTimeOffset.MinValue);
    }

    private static ImportedKeyState State(KeyState? state) => state?.Value switch
    {
        "Enabled" => ImportedKeyState.Enabled,
        "Disabled" => ImportedKeyState.Disabled,
        "PendingImport" => ImportedKeyState.PendingImport,
        "PendingDeletion" or "PendingReplicaDeletion" => ImportedKeyState.PendingDeletion,
        _ => ImportedKeyState.Unavailable,
    };

    private static MaterialExpiry? Expiry(KeyMetadata known) => known.ExpirationModel?.Value switch
    {
        "KEY_MATERIAL_EXPIRES"
            when known.ValidTo is { } end => new MaterialExpiry.At(new DateTimeOffset(end.ToUniversalTime())),
        "KEY_MATERIAL_DOES_NOT_EXPIRE" => new MaterialExpiry.Never(),
        _ => null,
    };
}
