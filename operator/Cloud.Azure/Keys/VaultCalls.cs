using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using Cloud.Azure.Calling;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>The few Key Vault requests we make, each on one key.</summary>
internal sealed class VaultCalls(AzureCaller caller)
{
    private const string Algorithm = "RSA-OAEP-256";
    private const int SecretSize = 32;

    public TimeProvider Time => caller.Time;

    /// <summary>The version that the id names, else the newest.</summary>
    public async Task<VaultKeyFacts> GetAsync(
        KeyRef key, VaultKeyId id, Evidence? evidence, CancellationToken cancellation)
    {
        var reply = await caller.SendAsync(Call("vault:GetKey", RequestMethod.Get, id, key.Tenancy, verb: null),
            evidence, cancellation);
        return Readable(() => VaultKeyFacts.Read(reply.Body));
    }

    /// <summary>Wraps a secret that nobody keeps. The answer names the version that did it.</summary>
    public async Task<(string Version, ReadOnlyMemory<byte> Ciphertext)> WrapAsync(
        KeyRef key, VaultKeyId id, Evidence? evidence, CancellationToken cancellation)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretSize);
        try
        {
            var reply = await caller.SendAsync(Crypto("vault:WrapKey", id, key.Tenancy, "wrapkey", secret), evidence,
                cancellation);
            return Readable(() => ReadWrapped(reply.Body));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Returns where the version made this ciphertext;
    /// <see cref="CloudProblem.WrongKey"/> where it did not.</summary>
    public async Task UnwrapAsync(
        KeyRef key, VaultKeyId id, ReadOnlyMemory<byte> ciphertext, Evidence? evidence, CancellationToken cancellation)
    {
        try
        {
            var reply = await caller.SendAsync(Crypto("vault:UnwrapKey", id, key.Tenancy, "unwrapkey", ciphertext),
                evidence, cancellation);
            // nobody wants to know what it was
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(reply.Body.ToMemory()).Span);
        }
        catch (CloudException refused) when (refused.Problem is CloudProblem.Refused { Code: "BadParameter" } wrong)
        {
            throw new CloudException(new CloudProblem.WrongKey(wrong.Code, "the key did not make this ciphertext"),
                refused.Operation, refused.RequestId, refused);
        }
    }

    /// <summary>Whether we may encrypt at large, which a role for wrapping alone does not include.
    /// Hides nothing of anybody's.</summary>
    public async Task<bool> MayEncryptAsync(
        KeyRef key, VaultKeyId id, Evidence? evidence, CancellationToken cancellation)
    {
        try
        {
            var reply = await caller.SendAsync(
                Crypto("vault:Encrypt", id, key.Tenancy, "encrypt", new byte[SecretSize]), evidence, cancellation);
            return true;
        }
        catch (CloudException refused)
            when (refused.Problem is CloudProblem.KeyUnusable { Code: "KeyOperationForbidden" })
        {
            return true; // the key refuses, not the role
        }
        catch (CloudException)
        {
            return false;
        }
    }

    private static AzureCall Crypto(
        string operation, VaultKeyId id, KeyTenancy? tenancy, string verb, ReadOnlyMemory<byte> value) =>
        Call(operation, RequestMethod.Post, id, tenancy, verb) with
        {
            Changes = false,
            Body = BodyOf(value),
            Headers = [("Content-Type", "application/json")],
        };

    private static AzureCall Call(
        string operation, RequestMethod method, VaultKeyId id, KeyTenancy? tenancy, string? verb) =>
        new(operation, method, new Uri($"{id}{(verb is null ? "" : "/" + verb)}?api-version={AzureVersions.Vault}"),
            AzureAudience.Vault)
        {
            Tenancy = tenancy,
            RetryPolicy = CallRetryPolicy.Probe,
        };

    private static ReadOnlyMemory<byte> BodyOf(ReadOnlyMemory<byte> value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("alg", Algorithm);
        json.WriteString("value", Base64Url.EncodeToString(value.Span));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static (string Version, ReadOnlyMemory<byte> Ciphertext) ReadWrapped(BinaryData body)
    {
        using var document = JsonDocument.Parse(body);
        var kid = VaultKeyId.Parse(document.RootElement.GetProperty("kid").GetString() ?? "");
        return (kid.Version ?? "",
            Base64Url.DecodeFromChars(document.RootElement.GetProperty("value").GetString() ?? ""));
    }

    private static T Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or FormatException or InvalidOperationException or KeyNotFoundException
                or ArgumentException)
        {
            throw new CloudException(new CloudProblem.Unreachable("Unreadable", "the vault's answer could not be read"),
                "vault", requestId: null, unreadable);
        }
    }
}
