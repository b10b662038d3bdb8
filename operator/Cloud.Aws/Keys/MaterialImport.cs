using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>
/// The way of a material into KMS: a public key and its token, wrapping, handing over. The material is read where it
/// lies; what leaves this process is the wrapped form only.
/// </summary>
internal sealed class MaterialImport(ImportCalls kms, ImportedKeyLook look)
{
    private const int MaterialBytes = 32;

    /// <summary>A public key and its token belong together and last a day;
    /// what KMS can't open with them is wrapped anew, once.</summary>
    private const int Attempts = 2;

    public async Task<ImportOutcome> ImportAsync(
        KeyRef key,
        ReadOnlyMemory<byte> material,
        (ImportKind Kind, MaterialExpiry Expiry) terms,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(material.Length, MaterialBytes);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(key, material, terms, cancellation);
            }
            catch (CloudException stale) when (IsStale(stale.Problem) && attempt < Attempts)
            {
                // With parameters of its own the next attempt says whether it was them.
            }
            catch (CloudException refusal)
            {
                return await JudgeAsync(key, refusal, cancellation) ?? throw Plain(refusal);
            }
        }
    }

    private async Task<ImportOutcome> TryAsync(
        KeyRef key,
        ReadOnlyMemory<byte> material,
        (ImportKind Kind, MaterialExpiry Expiry) terms,
        CancellationToken cancellation)
    {
        var parameters = await kms.SendAsync(
            "GetParametersForImport",
            key.Region,
            (client, stop) => client.GetParametersForImportAsync(
                new GetParametersForImportRequest
                {
                    KeyId = key.Id,
                    WrappingAlgorithm = ImportedKeyPolicy.WrappingAlgorithm,
                    WrappingKeySpec = ImportedKeyPolicy.WrappingKeySpec,
                },
                stop),
            cancellation);
        var wrapped = Wrap(parameters.PublicKey.ToArray(), material.Span);
        var token = parameters.ImportToken.ToArray();
        var answer = await kms.SendAsync(
            "ImportKeyMaterial",
            key.Region,
            (client, stop) => client.ImportKeyMaterialAsync(Request(key, wrapped, token, terms), stop),
            cancellation);
        return new ImportOutcome.Imported(answer.KeyMaterialId);
    }

    private static ImportKeyMaterialRequest Request(
        KeyRef key, byte[] wrapped, byte[] token, (ImportKind Kind, MaterialExpiry Expiry) terms)
    {
        var request = new ImportKeyMaterialRequest
        {
            KeyId = key.Id,
            EncryptedKeyMaterial = new MemoryStream(wrapped, writable: false),
            ImportToken = new MemoryStream(token, writable: false),
            ExpirationModel = ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE,
        };
        switch (terms.Kind)
        {
            case ImportKind.Known known:
                request.ImportType = ImportType.EXISTING_KEY_MATERIAL;
                request.KeyMaterialId = known.MaterialId;
                break;
            case ImportKind.New:
                request.ImportType = ImportType.NEW_KEY_MATERIAL;
                break;
        }

        if (terms.Expiry is MaterialExpiry.At at)
        {
            request.ExpirationModel = ExpirationModelType.KEY_MATERIAL_EXPIRES;
            request.ValidTo = at.ValidTo.UtcDateTime;
        }

        return request;
    }

    /// <summary>Encrypts from span to array: no managed copy of the material comes into being.</summary>
    private static byte[] Wrap(byte[] publicKey, ReadOnlySpan<byte> material)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
            var wrapped = new byte[rsa.KeySize / 8];
            rsa.Encrypt(material, wrapped, RSAEncryptionPadding.OaepSHA256);
            return wrapped;
        }
        catch (CryptographicException unreadable)
        {
            throw new CloudException(
                new CloudProblem.Unreachable("Unreadable", "the wrapping key could not be read"),
                "kms:GetParametersForImport", inner: unreadable);
        }
    }

    /// <summary>Null where the refusal says nothing of key or material. The state is asked for: KMS words one and the
    /// same error in several ways.</summary>
    private async Task<ImportOutcome?> JudgeAsync(KeyRef key, CloudException refusal, CancellationToken cancellation) =>
        refusal.Problem switch
        {
            CloudProblem.NotFound => new ImportOutcome.KeyMissing(),
            CloudProblem.WrongKey { Code: "IncorrectKeyMaterialException" } => new ImportOutcome.IncorrectMaterial(),
            CloudProblem.KeyUnusable => (await look.DescribeAsync(key.Region, key.Id, cancellation))?.State switch
            {
                null => new ImportOutcome.KeyMissing(),
                ImportedKeyState.PendingDeletion => new ImportOutcome.KeyPendingDeletion(),
                ImportedKeyState.Disabled => new ImportOutcome.KeyDisabled(),
                _ => null,
            },
            _ => null,
        };

    private static bool IsStale(CloudProblem problem) =>
        problem.Code is "ExpiredImportTokenException" or "InvalidImportTokenException" or "InvalidCiphertextException";

    /// <summary>What KMS could not unwrap is no word on the tenant's key,
    /// though elsewhere the same code is one.</summary>
    private static CloudException Plain(CloudException refusal) => IsStale(refusal.Problem)
        ? new CloudException(new CloudProblem.Conflict(refusal.Problem.Code, refusal.Problem.Message),
            refusal.Operation, refusal.RequestId, refusal)
        : refusal;
}

/// <summary>What is said of a material when it is handed over.</summary>
internal abstract record ImportKind
{
    private ImportKind()
    {
    }

    /// <summary>The first of its key, or any that the key had: KMS can tell.</summary>
    public sealed record Any : ImportKind;

    /// <summary>Exactly this one of those that the key had.</summary>
    public sealed record Known(string MaterialId) : ImportKind;

    /// <summary>One that the key never had.</summary>
    public sealed record New : ImportKind;

    public static ImportKind Of(string? materialId) => materialId is null ? new Any() : new Known(materialId);
}
