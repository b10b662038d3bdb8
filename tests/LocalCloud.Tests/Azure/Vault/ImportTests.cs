using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Vault;

public sealed class ImportTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task A_software_key_is_the_key_that_was_brought()
    {
        using var own = RSA.Create(2048);
        var client = NewVault();
        (await client.Put("keys/acme", Body(own))).Expect(200);
        VaultClient.Value(await client.Unwrap("acme", own.Encrypt(Secret, RSAEncryptionPadding.OaepSHA256)))
            .ShouldBe(Secret);
        ((string?)(await client.Get("keys/acme")).Json["key"]!["d"]).ShouldBeNull();
    }

    [Fact]
    public async Task Small_keys_and_halves_of_keys_are_refused_and_curves_taken()
    {
        using var small = RSA.Create(1024);
        using var half = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var client = NewVault();
        (await client.Put("keys/small", Body(small))).Problem.ShouldBe("400 BadParameter");
        var torn = Body(half);
        torn["key"]!["d"] = null;
        (await client.Put("keys/half", torn)).Problem.ShouldBe("400 BadParameter");
        var parameters = curve.ExportParameters(true);
        var body = new JsonObject
        {
            ["key"] = new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = VaultClient.Text(parameters.Q.X!),
                ["y"] = VaultClient.Text(parameters.Q.Y!),
                ["d"] = VaultClient.Text(parameters.D!),
            },
        };
        ((string?)(await client.Put("keys/curve", body)).Expect(200).Json["key"]!["kty"]).ShouldBe("EC");
        (await client.Wrap("curve", Secret)).Problem.ShouldBe("403 Forbidden KeyOperationForbidden");
    }

    [Fact]
    public async Task A_transfer_blob_opens_in_the_HSM_it_was_made_for()
    {
        using var own = RSA.Create(3072);
        var client = NewVault(premium: true);
        var exchange = (await client.Post("keys/kek/create",
            new JsonObject { ["kty"] = "RSA-HSM", ["key_ops"] = new JsonArray("import") })).Expect(200).Json["key"]!;
        (await client.Put("keys/acme", Blob(own, exchange, (string)exchange["kid"]!)))
            .Expect(200).Json["key"]!["kty"]!.ToString().ShouldBe("RSA-HSM");
        VaultClient.Value(await client.Unwrap("acme", own.Encrypt(Secret, RSAEncryptionPadding.OaepSHA256)))
            .ShouldBe(Secret);
    }

    [Fact]
    public async Task A_transfer_blob_for_another_exchange_key_is_refused()
    {
        using var own = RSA.Create(2048);
        var client = NewVault(premium: true);
        var exchange = (await client.Post("keys/kek/create",
            new JsonObject { ["kty"] = "RSA-HSM", ["key_ops"] = new JsonArray("import") })).Json["key"]!;
        var other = (await client.Post("keys/other/create",
            new JsonObject { ["kty"] = "RSA-HSM", ["key_ops"] = new JsonArray("import") })).Json["key"]!;
        var usual = (await client.Post("keys/usual/create", new JsonObject { ["kty"] = "RSA-HSM" })).Json["key"]!;
        (await client.Put("keys/acme", Blob(own, exchange, (string)other["kid"]!))).Problem
            .ShouldBe("400 BadParameter");
        (await client.Put("keys/acme", Blob(own, usual, (string)usual["kid"]!))).Problem.ShouldBe("400 BadParameter");
        (await client.Put("keys/acme", Blob(own, exchange, "https://elsewhere.vault.azure.net/keys/kek"))).Problem
            .ShouldBe("400 BadParameter");
        (await NewVault().Put("keys/acme", Blob(own, exchange, (string)exchange["kid"]!))).Problem
            .ShouldBe("400 BadParameter");
    }

    private static JsonObject Body(RSA own)
    {
        var p = own.ExportParameters(true);
        return new JsonObject
        {
            ["key"] = new JsonObject
            {
                ["kty"] = "RSA",
                ["n"] = VaultClient.Text(p.Modulus!),
                ["e"] = VaultClient.Text(p.Exponent!),
                ["d"] = VaultClient.Text(p.D!),
                ["p"] = VaultClient.Text(p.P!),
                ["q"] = VaultClient.Text(p.Q!),
                ["dp"] = VaultClient.Text(p.DP!),
                ["dq"] = VaultClient.Text(p.DQ!),
                ["qi"] = VaultClient.Text(p.InverseQ!),
            },
        };
    }

    /// <summary>What an HSM vendor's tool writes: an AES key under the exchange key,
    /// the private key under the AES key.</summary>
    private static JsonObject Blob(RSA own, JsonNode exchange, string kid)
    {
        using var kek =
            RSA.Create(new RSAParameters { Modulus = Decode(exchange["n"]), Exponent = Decode(exchange["e"]) });
        using var aes = Aes.Create();
        aes.KeySize = 256;
        var json = new JsonObject
        {
            ["schema_version"] = "1.0.0",
            ["header"] = new JsonObject { ["kid"] = kid, ["alg"] = "dir", ["enc"] = "CKM_RSA_AES_KEY_WRAP" },
            ["ciphertext"] = VaultClient.Text(
                [.. kek.Encrypt(aes.Key, RSAEncryptionPadding.OaepSHA1),
                    .. aes.EncryptKeyWrapPadded(own.ExportPkcs8PrivateKey())]),
            ["generator"] = "test",
        };
        return new JsonObject
        {
            ["key"] = new JsonObject
            {
                ["kty"] = "RSA-HSM",
                ["key_hsm"] = VaultClient.Text(Encoding.UTF8.GetBytes(json.ToJsonString())),
            },
        };
    }

    private static byte[] Decode(JsonNode? text) => System.Buffers.Text.Base64Url.DecodeFromChars((string)text!);

    private VaultClient NewVault(bool premium = false)
    {
        var vault = cloud.Name("vault");
        cloud.Admin.CreateVault(vault, premium: premium);
        return new VaultClient(cloud, vault, cloud.TenantAdmin);
    }
}
