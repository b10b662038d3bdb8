using System.Security.Cryptography;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace LocalCloud.Tests.Aws.Kms;

/// <summary>Importing by hand: an EXTERNAL key, parameters, wrapping, handing over.</summary>
internal sealed class ImportBench(IAmazonKeyManagementService kms)
{
    public async Task<string> KeyAsync() =>
        (await kms.CreateKeyAsync(new CreateKeyRequest { Origin = OriginType.EXTERNAL })).KeyMetadata.Arn;

    public async Task<string> ImportedKeyAsync(byte[] material)
    {
        var key = await KeyAsync();
        await ImportAsync(key, material);
        return key;
    }

    public Task<GetParametersForImportResponse> ParametersAsync(
        string key, string spec = "RSA_2048", string algorithm = "RSAES_OAEP_SHA_256") =>
        kms.GetParametersForImportAsync(
            new GetParametersForImportRequest { KeyId = key, WrappingKeySpec = spec, WrappingAlgorithm = algorithm });

    public async Task<ImportKeyMaterialResponse> ImportAsync(
        string key, byte[] material, Action<ImportKeyMaterialRequest>? change = null) =>
        await HandOverAsync(key, await ParametersAsync(key), material, change);

    public Task<ImportKeyMaterialResponse> HandOverAsync(
        string key,
        GetParametersForImportResponse parameters,
        byte[] material,
        Action<ImportKeyMaterialRequest>? change = null,
        RSAEncryptionPadding? padding = null)
    {
        var request = new ImportKeyMaterialRequest
        {
            KeyId = key,
            ImportToken = parameters.ImportToken,
            EncryptedKeyMaterial = new MemoryStream(
                Wrap(parameters.PublicKey.ToArray(), material, padding ?? RSAEncryptionPadding.OaepSHA256)),
            ExpirationModel = ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE,
        };
        change?.Invoke(request);
        return kms.ImportKeyMaterialAsync(request);
    }

    public Task DeleteAsync(string key, string? materialId = null) =>
        kms.DeleteImportedKeyMaterialAsync(
            new DeleteImportedKeyMaterialRequest { KeyId = key, KeyMaterialId = materialId });

    public async Task<KeyMetadata> LookAsync(string key) => (await kms.DescribeKeyAsync(key)).KeyMetadata;

    public async Task<MemoryStream> EncryptAsync(string key) =>
        (await kms.EncryptAsync(
            new EncryptRequest { KeyId = key, Plaintext = new MemoryStream([1, 2, 3]) })).CiphertextBlob;

    public Task<DecryptResponse> OpenAsync(MemoryStream blob) =>
        kms.DecryptAsync(new DecryptRequest { CiphertextBlob = blob });

    public static byte[] Material() => RandomNumberGenerator.GetBytes(32);

    public static byte[] Wrap(byte[] publicKey, byte[] material, RSAEncryptionPadding padding)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        return rsa.Encrypt(material, padding);
    }
}
