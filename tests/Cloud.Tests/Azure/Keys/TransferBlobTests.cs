using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Cloud.Keys;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Keys;

/// <summary>Keys that come from a tenant's HSM and that only the vault's HSM can open.</summary>
public sealed class TransferBlobTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_transfer_blob_goes_through_untouched_and_the_same_blob_opens_again()
    {
        var (place, vault) = NewPlace();
        using var rsa = RSA.Create(2048);
        var blob = Wrap(rsa, stand.Admin.CreateExchangeKey(vault, "exchange"));

        var imported = (await ImportAsync(place, blob)).ShouldBeOfType<ImportOutcome.Imported>();

        stand.Admin.ModulusOf(vault, "acme").ShouldBe(rsa.ExportParameters(false).Modulus);
        var key = (await stand.Cloud.ImportedKeys.FindAsync(place, None))!;
        (await stand.Cloud.Keys.ProveAsync(key.Key, new Dictionary<string, string>(), null, None)).Verdict
            .ShouldBe(KeyVerdict.Usable);

        await stand.Cloud.ImportedKeys.DeleteMaterialAsync(place, key.Key, None);
        (await ImportAsync(place, blob)).ShouldBe(imported);
        stand.Admin.SwitchesOf(vault, "acme").ShouldBe([true]);
    }

    [Fact]
    public async Task A_blob_for_another_exchange_key_is_refused_with_the_mend()
    {
        var (place, vault) = NewPlace();
        var (_, other) = NewPlace();
        using var rsa = RSA.Create(2048);
        var exchange = stand.Admin.CreateExchangeKey(vault, "exchange");
        var elsewhere = stand.Admin.CreateExchangeKey(other, "exchange");

        var refused = (await ImportAsync(place, Wrap(rsa, elsewhere))).ShouldBeOfType<ImportOutcome.Refused>();
        (refused.Code,
            refused.Message.Contains(vault, StringComparison.Ordinal)).ShouldBe(("TransferKeyElsewhere", true));
        (await ImportAsync(place, Wrap(rsa, (exchange.Id, elsewhere.Public))))
            .ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("MaterialRefused");
        (await ImportAsync(place, Wrap(rsa, (new Uri($"https://{vault}.vault.azure.net/keys/gone"), exchange.Public))))
            .ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("MaterialRefused");
    }

    [Theory]
    [InlineData("schema_version", "2.0.0")]
    [InlineData("header", "none")]
    [InlineData("alg", "RSA-OAEP")]
    [InlineData("enc", "A256GCM")]
    [InlineData("kid", "exchange")]
    [InlineData("ciphertext", "AAAA")]
    [InlineData("ciphertext", "not base64url!")]
    public async Task A_blob_of_another_form_is_never_sent(string field, string value)
    {
        var (place, vault) = NewPlace();
        using var rsa = RSA.Create(2048);
        var blob = JsonNode.Parse(Wrap(rsa, stand.Admin.CreateExchangeKey(vault, "exchange")))!.AsObject();
        (blob["header"]!.AsObject().ContainsKey(field) ? blob["header"]! : blob)[field] = value;

        (await ImportAsync(place, Encoding.UTF8.GetBytes(blob.ToJsonString())))
            .ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("TransferBlobInvalid");
        (await ImportAsync(place, "{"u8.ToArray())).ShouldBeOfType<ImportOutcome.Refused>().Code
            .ShouldBe("TransferBlobInvalid");
    }

    /// <summary>One wrapped key in 256 was refused for its first byte.</summary>
    [Theory]
    [InlineData("{")]
    [InlineData(" {")]
    [InlineData("{\"a")]
    public void A_ciphertext_that_begins_as_JSON_does_is_not_taken_for_a_transfer_blob(string beginning)
    {
        var wrapped = new byte[512];
        for (var seed = 0; seed < 1_000; seed++)
        {
            new Random(seed).NextBytes(wrapped);
            Encoding.ASCII.GetBytes(beginning, wrapped);
            TransferBlob.IsMeant(wrapped).ShouldBeFalse($"seed {seed}");
        }
    }

    [Theory]
    [InlineData("{", true)]
    [InlineData("\r\n\t {\"schema_version\": \"é\"}", true)]
    [InlineData("[]", false)]
    [InlineData("", false)]
    public void Text_that_begins_as_JSON_does_is_meant_to_be_a_transfer_blob(string text, bool isMeant) =>
        TransferBlob.IsMeant(Encoding.UTF8.GetBytes(text)).ShouldBe(isMeant);

    [Fact]
    public async Task A_vault_without_an_hsm_takes_no_transfer_blob()
    {
        var (place, vault) = NewPlace(premium: false);
        using var rsa = RSA.Create(2048);

        (await ImportAsync(place, Wrap(rsa, stand.Admin.CreateExchangeKey(vault, "exchange"))))
            .ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("MaterialRefused");
    }

    private (ImportPlace Place, string Vault) NewPlace(bool premium = true)
    {
        var vault = stand.Name("hsm");
        stand.Admin.CreateVault(vault, premium: premium, subscription: LocalCloudAzure.PlatformSubscription);
        stand.Admin.AddRole(LocalCloudAzure.IdentityObjectId, "Key Vault Crypto Officer", stand.Admin.VaultId(vault));
        var owner = new ImportedKeyOwner(Guid.NewGuid().ToString(), "acme", "acme-2026");
        return (new ImportPlace(owner, KeyRef.AnyRegion)
        {
            Cloud = CloudKind.Azure,
            KeyId = $"https://{vault}.vault.azure.net/keys/acme",
        }, vault);
    }

    private Task<ImportOutcome> ImportAsync(ImportPlace place, byte[] blob) => stand.Cloud.ImportedKeys.ImportAsync(
        place, new KeyRef(place.Region, place.KeyId!) { Cloud = CloudKind.Azure }, blob, new MaterialExpiry.Never(),
        null, None);

    /// <summary>What the tool of an HSM's vendor does.</summary>
    private static byte[] Wrap(RSA key, (Uri Id, RSAParameters Public) exchange)
    {
        using var aes = Aes.Create();
        using var wrapping = RSA.Create(exchange.Public);
        byte[] ciphertext = [.. wrapping.Encrypt(aes.Key, RSAEncryptionPadding.OaepSHA1),
            .. aes.EncryptKeyWrapPadded(key.ExportPkcs8PrivateKey())];
        var json = new JsonObject
        {
            ["schema_version"] = "1.0.0",
            ["header"] =
                new JsonObject { ["kid"] = exchange.Id.ToString(), ["alg"] = "dir", ["enc"] = "CKM_RSA_AES_KEY_WRAP" },
            ["ciphertext"] = Base64Url.EncodeToString(ciphertext),
            ["generator"] = "a test; 1.0",
        };
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
