using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LocalCloud.Azure.Entra;

namespace LocalCloud.Azure.Vault;

/// <summary>The four operations that hide and reveal, with the key's state asked first.</summary>
internal sealed class KeyCrypto
{
    public Task Encrypt(VaultCall call) => RunAsync(call, VaultAction.Encrypt);

    public Task Decrypt(VaultCall call) => RunAsync(call, VaultAction.Decrypt);

    public Task WrapKey(VaultCall call) => RunAsync(call, VaultAction.WrapKey);

    public Task UnwrapKey(VaultCall call) => RunAsync(call, VaultAction.UnwrapKey);

    /// <summary>Keys out of their time still reveal what they hid.</summary>
    public static void DemandUsable(VaultKeyVersion version, string operation, DateTimeOffset now)
    {
        if (!version.Enabled)
        {
            throw VaultProblems.Disabled(operation);
        }

        if (Hides(operation) && version.NotBefore > now)
        {
            throw VaultProblems.NotYetValid(operation);
        }

        if (Hides(operation) && version.Expires <= now)
        {
            throw VaultProblems.Expired(operation);
        }

        if (!version.Operations.Contains(operation))
        {
            throw VaultProblems.NotPermitted(operation);
        }
    }

    private static async Task RunAsync(VaultCall call, VaultAction action)
    {
        call.Demand(action);
        var body = await call.BodyAsync();
        var version = call.Key();
        DemandUsable(version, action.Permission, call.Now);
        var value = Base64UrlText.Decode((string?)body["value"] ?? "")
            ?? throw VaultProblems.BadParameter("Property value has invalid value");
        var padding = (string?)body["alg"] switch
        {
            "RSA-OAEP" => RSAEncryptionPadding.OaepSHA1,
            "RSA-OAEP-256" => RSAEncryptionPadding.OaepSHA256,
            "RSA1_5" => RSAEncryptionPadding.Pkcs1,
            _ => throw VaultProblems.BadParameter("Property alg has invalid value"),
        };
        var rsa = version.Material as RSA
            ?? throw VaultProblems.BadParameter("Key and signing algorithm are incompatible. Key is of type EC.");
        var answer = new JsonObject
        {
            ["kid"] = KeyDocuments.IdOf(call.Vault, call.Name, version),
            ["value"] = Base64UrlText.Encode(Compute(rsa, value, padding, Hides(action.Permission))),
        };
        await call.SendAsync(answer);
    }

    private static byte[] Compute(RSA rsa, byte[] value, RSAEncryptionPadding padding, bool hides)
    {
        try
        {
            lock (rsa)
            {
                return hides ? rsa.Encrypt(value, padding) : rsa.Decrypt(value, padding);
            }
        }
        catch (CryptographicException)
        {
            throw VaultProblems.BadParameter("The parameter is incorrect.");
        }
    }

    private static bool Hides(string operation) => operation is "encrypt" or "wrapKey" or "sign";
}
