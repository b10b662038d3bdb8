using System.Text.Json;

namespace LocalCloud.Aws.Kms;

/// <summary>Encrypt, Decrypt, ReEncrypt, GenerateDataKey and its twin without plaintext.</summary>
internal sealed class KmsCrypto(KmsEngine engine)
{
    private const int MaxPlaintext = 4096;
    private const int MaxCiphertext = 6144;
    private const int MaxDataKey = 1024;

    public void Encrypt(KmsCall call, Utf8JsonWriter answer)
    {
        var plaintext = call.Bytes("Plaintext");
        if (plaintext.Length is 0 or > MaxPlaintext)
        {
            throw KmsProblems.Validation(
                $"1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have "
                    + $"length {(plaintext.Length == 0 ? "greater than or equal to 1" : "less than or equal to 4096")}");
        }

        var use = call.Use();
        var key = engine.Ready(call.Needed("KeyId"), use, "Encrypt");
        RefuseIfDry(call);
        answer.WriteBase64String("CiphertextBlob", KmsCipher.Encrypt(key, plaintext, use.Context));
        answer.WriteString("KeyId", key.Arn);
        answer.WriteString("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
    }

    public void Decrypt(KmsCall call, Utf8JsonWriter answer)
    {
        var (plaintext, key, material) = engine.Decrypt(Ciphertext(call), call.Text("KeyId"), call.Use(), "Decrypt");
        RefuseIfDry(call);
        answer.WriteBase64String("Plaintext", plaintext);
        answer.WriteString("KeyId", key.Arn);
        answer.WriteString("EncryptionAlgorithm", "SYMMETRIC_DEFAULT");
        answer.WriteString("KeyMaterialId", material.Id);
    }

    public void ReEncrypt(KmsCall call, Utf8JsonWriter answer)
    {
        var (plaintext, source, sourceMaterial) = engine.Decrypt(Ciphertext(call), call.Text("SourceKeyId"),
            call.Use("SourceEncryptionContext"), "ReEncryptFrom");
        var use = call.Use("DestinationEncryptionContext");
        var target = engine.Ready(call.Needed("DestinationKeyId"), use, "ReEncryptTo");
        RefuseIfDry(call);
        answer.WriteBase64String("CiphertextBlob", KmsCipher.Encrypt(target, plaintext, use.Context));
        answer.WriteString("SourceKeyId", source.Arn);
        answer.WriteString("KeyId", target.Arn);
        answer.WriteString("SourceEncryptionAlgorithm", "SYMMETRIC_DEFAULT");
        answer.WriteString("DestinationEncryptionAlgorithm", "SYMMETRIC_DEFAULT");
        answer.WriteString("SourceKeyMaterialId", sourceMaterial.Id);
        answer.WriteString("DestinationKeyMaterialId", target.Current!.Id);
    }

    public void GenerateDataKey(KmsCall call, Utf8JsonWriter answer) =>
        Generate(call, answer, "GenerateDataKey", withPlaintext: true);

    public void GenerateDataKeyWithoutPlaintext(KmsCall call, Utf8JsonWriter answer) =>
        Generate(call, answer, "GenerateDataKeyWithoutPlaintext", withPlaintext: false);

    private void Generate(KmsCall call, Utf8JsonWriter answer, string operation, bool withPlaintext)
    {
        var length = (call.Text("KeySpec"), call.Number("NumberOfBytes")) switch
        {
            ("AES_256", null) => 32,
            ("AES_128", null) => 16,
            (null, >= 1 and <= MaxDataKey and var bytes) => bytes,
            _ => throw KmsProblems.Validation("Please specify either number of bytes or key spec."),
        };
        var (plaintext, blob, key) = engine.GenerateDataKey(call.Needed("KeyId"), call.Use(), operation, length);
        RefuseIfDry(call);
        answer.WriteBase64String("CiphertextBlob", blob);
        if (withPlaintext)
        {
            answer.WriteBase64String("Plaintext", plaintext);
        }

        answer.WriteString("KeyId", key.Arn);
        answer.WriteString("KeyMaterialId", key.Current!.Id);
    }

    private static byte[] Ciphertext(KmsCall call)
    {
        var blob = call.Bytes("CiphertextBlob");
        return blob.Length is >= 1 and <= MaxCiphertext ? blob : throw KmsProblems.Validation(
            "1 validation error detected: Value at 'ciphertextBlob' failed to satisfy constraint: Member must have "
                + "length less than or equal to 6144");
    }

    private static void RefuseIfDry(KmsCall call)
    {
        if (call.Flag("DryRun"))
        {
            throw KmsProblems.DryRun();
        }
    }
}
