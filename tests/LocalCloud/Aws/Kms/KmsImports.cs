using System.Security.Cryptography;
using System.Text.Json;

namespace LocalCloud.Aws.Kms;

/// <summary>Material that comes from outside: handed over wrapped, deleted, handed over again.</summary>
internal sealed class KmsImports(KmsEngine engine, KmsKeys keys)
{
    private const int MaterialBytes = 32;
    private static readonly TimeSpan LongestValidity = TimeSpan.FromDays(365);

    private readonly ImportTokens tokens = new();

    public void GetParametersForImport(KmsCall call, Utf8JsonWriter answer)
    {
        var use = call.Use();
        use.Import = new ImportConditions(call.Needed("WrappingAlgorithm"), call.Needed("WrappingKeySpec"), null);
        var key = External(call, "GetParametersForImport", use);
        if (key.State is not (KmsKeyState.Enabled or KmsKeyState.Disabled or KmsKeyState.PendingImport))
        {
            throw KmsProblems.InvalidState(key);
        }

        var given = tokens.Issue(key, WrappingKeys.Take(Bits(use.Import.KeySpec!), key.Imported!.NextTurn()),
            Padding(use.Import.Algorithm!), engine.Now);
        answer.WriteString("KeyId", key.Arn);
        answer.WriteBase64String("ImportToken", given.Token);
        answer.WriteBase64String("PublicKey", given.Pair.ExportSubjectPublicKeyInfo());
        answer.WriteNumber("ParametersValidTo", given.ValidTo.ToUnixTimeSeconds());
    }

    public void ImportKeyMaterial(KmsCall call, Utf8JsonWriter answer)
    {
        var expires = ReadExpiry(call);
        var use = call.Use();
        use.Import =
            new ImportConditions(null, null, expires is null ? "KEY_MATERIAL_DOES_NOT_EXPIRE" : "KEY_MATERIAL_EXPIRES");
        var key = External(call, "ImportKeyMaterial", use);
        if (key.State is not (KmsKeyState.Enabled or KmsKeyState.PendingImport))
        {
            throw KmsProblems.InvalidState(key);
        }

        var bits = tokens.Demand(call.Bytes("ImportToken"), key, engine.Now).Unwrap(call.Bytes("EncryptedKeyMaterial"))
            ?? throw KmsProblems.InvalidCiphertext();
        if (bits.Length != MaterialBytes)
        {
            throw KmsProblems.IncorrectMaterial();
        }

        answer.WriteString("KeyId", key.Arn);
        answer.WriteString("KeyMaterialId", Take(call, key, bits, expires));
    }

    public void DeleteImportedKeyMaterial(KmsCall call, Utf8JsonWriter answer)
    {
        var key = External(call, "DeleteImportedKeyMaterial", call.Use());
        answer.WriteString("KeyId", key.Arn);
        lock (key.Gate)
        {
            var named = call.Text("KeyMaterialId");
            var material = named is null ? key.Imported!.Current
                : key.Imported!.Find(named) ?? throw KmsProblems.NotFound($"Key material '{named}' does not exist");
            if (material is not null)
            {
                key.Imported.Forget(material.Id);
                key.Settle(engine.Now);
                answer.WriteString("KeyMaterialId", material.Id);
            }
        }
    }

    /// <summary>Only what the key was given before, or what is announced as new.</summary>
    private string Take(KmsCall call, KmsKey key, byte[] bits, DateTimeOffset? expires)
    {
        var id = key.MaterialIdOf(bits);
        lock (key.Gate)
        {
            var imported = key.Imported!;
            var known = imported.Find(id);
            var isFirst = imported.All.Count == 0;
            if (call.Text("ImportType") is { } type ? type == "NEW_KEY_MATERIAL" : isFirst)
            {
                DemandNew(call, key, known);
                known = new ImportedMaterial(id, engine.Now) { IsPendingRotation = !isFirst };
            }
            else if (known is null || (call.Text("KeyMaterialId") is { } wanted && wanted != id))
            {
                throw KmsProblems.IncorrectMaterial();
            }

            imported.Put(known with
            {
                Held = new KeyMaterial(id, bits, known.Created),
                Expires = expires,
                Description = call.Text("KeyMaterialDescription") ?? known.Description,
            });
            key.Settle(engine.Now);
            return id;
        }
    }

    private static void DemandNew(KmsCall call, KmsKey key, ImportedMaterial? known)
    {
        if (call.Has("KeyMaterialId"))
        {
            throw KmsProblems.Validation("A key material ID can't be specified with the import type NEW_KEY_MATERIAL.");
        }

        if (known is not null)
        {
            throw KmsProblems.IncorrectMaterial();
        }

        if (key.Imported!.PendingRotation is not null || key.IsMultiRegion
            || (key.Imported.All.Count > 0 && key.State != KmsKeyState.Enabled))
        {
            throw KmsProblems.Of("KMSInvalidStateException", $"{key.Arn} does not take new key material now.");
        }
    }

    private KmsKey External(KmsCall call, string operation, KmsUse use)
    {
        var key = keys.Permitted(call, operation, use);
        return key is { Origin: "EXTERNAL", IsSymmetric: true } ? key : throw KmsProblems.WrongOrigin(key);
    }

    /// <summary>null: the material does not expire. Left out, it has to.</summary>
    private DateTimeOffset? ReadExpiry(KmsCall call)
    {
        var model = call.Text("ExpirationModel") ?? "KEY_MATERIAL_EXPIRES";
        if (model == "KEY_MATERIAL_DOES_NOT_EXPIRE")
        {
            return call.Has("ValidTo")
                ? throw KmsProblems.Validation(
                    "A validTo date can't be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE") : null;
        }

        if (model != "KEY_MATERIAL_EXPIRES" || !call.Has("ValidTo"))
        {
            throw KmsProblems.Validation("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES");
        }

        var end = DateTimeOffset.FromUnixTimeMilliseconds((long)(call.Element("ValidTo").GetDouble() * 1000));
        return end > engine.Now && end <= engine.Now + LongestValidity
            ? end
            : throw KmsProblems.Validation("The validTo date must be in the future and at most 365 days away");
    }

    private static int Bits(string spec) => spec switch
    {
        "RSA_2048" => 2048,
        "RSA_3072" => 3072,
        "RSA_4096" => 4096,
        _ =>
            throw KmsProblems.Validation(
                $"1 validation error detected: Value '{spec}' at 'wrappingKeySpec' failed to satisfy constraint"),
    };

    private static RSAEncryptionPadding Padding(string algorithm) => algorithm switch
    {
        "RSAES_OAEP_SHA_256" => RSAEncryptionPadding.OaepSHA256,
        "RSAES_OAEP_SHA_1" => RSAEncryptionPadding.OaepSHA1,
        "RSAES_PKCS1_V1_5" =>
            throw KmsProblems.Of("UnsupportedOperationException",
                "The wrapping algorithm RSAES_PKCS1_V1_5 is not supported any more."),
        _ =>
            throw KmsProblems.Validation(
                $"1 validation error detected: Value '{algorithm}' at 'wrappingAlgorithm' failed to satisfy constraint"),
    };
}
