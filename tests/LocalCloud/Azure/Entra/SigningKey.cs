using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Entra;

/// <summary>An RSA key that signs tokens, and its place in a key set.</summary>
internal sealed class SigningKey
{
    private readonly RSA rsa;
    private readonly Lock gate = new();

    public SigningKey(RSA rsa)
    {
        this.rsa = rsa;
        Id = Base64UrlText.Encode(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()).AsSpan(0, 20));
    }

    /// <summary>Entra's own: one for the process, for making one takes longer than most tests.</summary>
    public static SigningKey Entra { get; } = new(RSA.Create(2048));

    public static SigningKey Cluster { get; } = new(RSA.Create(2048));

    public string Id { get; }

    public string Sign(JsonObject claims)
    {
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = Id, ["x5t"] = Id };
        var signed = $"{Part(header)}.{Part(claims)}";
        lock (gate)
        {
            var signature = rsa.SignData(
                Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64UrlText.Encode(signature)}";
        }
    }

    public bool Verifies(JwtText token)
    {
        lock (gate)
        {
            return rsa.VerifyData(Encoding.ASCII.GetBytes(token.Signed), token.Signature, HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1);
        }
    }

    public JsonObject ToJwk()
    {
        var parameters = rsa.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = Id,
            ["n"] = Base64UrlText.Encode(parameters.Modulus),
            ["e"] = Base64UrlText.Encode(parameters.Exponent),
        };
    }

    private static string Part(JsonObject json) => Base64UrlText.Encode(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
