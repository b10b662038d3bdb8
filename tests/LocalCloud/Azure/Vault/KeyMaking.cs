using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LocalCloud.Azure.Entra;

namespace LocalCloud.Azure.Vault;

/// <summary>Create, import, rotate, update.</summary>
internal sealed class KeyMaking(ChangeMark changes)
{
    private static readonly string[] RsaOperations = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"];
    private static readonly string[] CurveOperations = ["sign", "verify"];

    public async Task CreateKey(VaultCall call)
    {
        call.Demand(VaultAction.Create);
        var body = await call.BodyAsync();
        var (material, isHsm) = Generate((string?)body["kty"] ?? "", (int?)body["key_size"], (string?)body["crv"]);
        await AddAsync(call, body, new VaultKeyVersion(material, DemandHsm(call, isHsm), call.Now));
    }

    public async Task ImportKey(VaultCall call)
    {
        call.Demand(VaultAction.Import);
        var body = await call.BodyAsync();
        var key = body["key"] as JsonObject ?? throw VaultProblems.BadParameter("Property key is required");
        var type = (string?)key["kty"] ?? "";
        var blob = (string?)key["key_hsm"];
        var isHsm = DemandHsm(call, blob is not null || type.EndsWith("-HSM", StringComparison.Ordinal)
            || (bool?)body["Hsm"] == true);
        AsymmetricAlgorithm material = blob is not null ? ByokBlob.Open(call.Vault, blob)
            : type.StartsWith("RSA", StringComparison.Ordinal) ? ReadRsa(key) : ReadCurve(key);
        DemandSize(material);
        if (key["key_ops"] is { } operations && body["key_ops"] is null)
        {
            body["key_ops"] = operations.DeepClone();
        }

        await AddAsync(call, body, new VaultKeyVersion(material, isHsm, call.Now));
    }

    public async Task RotateKey(VaultCall call)
    {
        call.Demand(VaultAction.Rotate);
        await call.SendAsync(KeyDocuments.Bundle(call.Vault, call.Name, Rotate(call.Vault, call.Name, call.Now)));
    }

    public static VaultKeyVersion Rotate(KeyVault vault, string name, DateTimeOffset now)
    {
        lock (vault.Gate)
        {
            var key = vault.Keys.GetValueOrDefault(name) ?? throw VaultProblems.KeyNotFound(name);
            var last = key.Latest;
            AsymmetricAlgorithm material = last.Material is RSA ? RSA.Create(last.Material.KeySize)
                : ECDsa.Create(((ECDsa)last.Material).ExportParameters(false).Curve);
            var next = new VaultKeyVersion(material, last.IsHsm, now)
            {
                Operations = last.Operations,
                Tags = (JsonObject)last.Tags.DeepClone(),
            };
            key.Add(next);
            return next;
        }
    }

    public async Task UpdateKey(VaultCall call)
    {
        call.Demand(VaultAction.Update);
        var body = await call.BodyAsync();
        var version = call.Key();
        lock (call.Vault.Gate)
        {
            KeyDocuments.Apply(body, version);
            version.Updated = call.Now;
        }

        changes.Touch(call.Now);
        await call.SendAsync(KeyDocuments.Bundle(call.Vault, call.Name, version));
    }

    private static Task AddAsync(VaultCall call, JsonObject body, VaultKeyVersion version)
    {
        version.Operations = version.Material is RSA ? RsaOperations : CurveOperations;
        KeyDocuments.Apply(body, version);
        lock (call.Vault.Gate)
        {
            call.Vault.PurgeDue(call.Now);
            if (call.Vault.DeletedKeys.ContainsKey(call.Name))
            {
                throw VaultProblems.NameTaken(call.Name);
            }

            if (call.Vault.Keys.TryGetValue(call.Name, out var key))
            {
                key.Add(version);
            }
            else
            {
                call.Vault.Keys[call.Name] = new VaultKey(call.Name, version);
            }
        }

        return call.SendAsync(KeyDocuments.Bundle(call.Vault, call.Name, version));
    }

    private static (AsymmetricAlgorithm Material, bool IsHsm) Generate(string type, int? size, string? curve)
    {
        switch (type)
        {
            case "RSA" or "RSA-HSM":
                return (size ?? 2048) is 2048 or 3072 or 4096 ? (RSA.Create(size ?? 2048), type == "RSA-HSM")
                    : throw VaultProblems.BadParameter("Property key_size has invalid value");
            case "EC" or "EC-HSM":
                return (ECDsa.Create(Curve(curve ?? "P-256")), type == "EC-HSM");
            default:
                throw VaultProblems.BadParameter("Property kty has invalid value");
        }
    }

    private static bool DemandHsm(VaultCall call, bool isHsm) => !isHsm || call.Vault.Settings.IsPremium ? isHsm
        : throw VaultProblems.BadParameter("AKV.SKR.1007: The vault's SKU does not support HSM-protected keys.");

    private static void DemandSize(AsymmetricAlgorithm material)
    {
        if (material is RSA { KeySize: not (2048 or 3072 or 4096) })
        {
            throw VaultProblems.BadParameter(
                "Imported key size is not supported. RSA keys have 2048, 3072 or 4096 bits.");
        }
    }

    private static RSA ReadRsa(JsonObject key)
    {
        try
        {
            return RSA.Create(new RSAParameters
            {
                Modulus = Part(key, "n"),
                Exponent = Part(key, "e"),
                D = Part(key, "d"),
                P = Part(key, "p"),
                Q = Part(key, "q"),
                DP = Part(key, "dp"),
                DQ = Part(key, "dq"),
                InverseQ = Part(key, "qi"),
            });
        }
        catch (CryptographicException)
        {
            throw VaultProblems.BadParameter("The key is not a valid RSA key.");
        }
    }

    private static ECDsa ReadCurve(JsonObject key)
    {
        try
        {
            return ECDsa.Create(
                new ECParameters
                {
                    Curve = Curve((string?)key["crv"] ?? ""),
                    Q = new ECPoint { X = Part(key, "x"), Y = Part(key, "y") },
                    D = Part(key, "d"),
                });
        }
        catch (CryptographicException)
        {
            throw VaultProblems.BadParameter("The key is not a valid EC key.");
        }
    }

    private static byte[] Part(JsonObject key, string name) =>
        key[name] is { } text && Base64UrlText.Decode((string)text!) is { } bytes ? bytes
            : throw VaultProblems.BadParameter($"Property key.{name} is required");

    private static ECCurve Curve(string name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => throw VaultProblems.BadParameter("Property crv has invalid value"),
    };
}
