using System.Security.Cryptography;
using System.Text;
using Byok.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

/// <summary>Nothing of a secret stands in anything that the opener answers or throws.</summary>
public sealed class SecrecyTests
{
    public static TheoryData<string> Forms => ["raw", "base64", "hex", "url", "lines"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_search_finds_what_is_planted(string form)
    {
        var secret = Platform.Secret();
        byte[] planted = [.. "before "u8, .. In(form, secret), .. " after"u8];
        Traces.Of(secret).In(planted).ShouldNotBeNull();
        Traces.Of(Platform.Secret()).In(planted).ShouldBeNull();
    }

    [Fact]
    public void No_answer_holds_any_of_it_whatever_was_uploaded()
    {
        var secret = Platform.Secret();
        byte[][] contents = [secret, [.. secret, 10], [.. secret, .. secret], secret[..31], secret[..16],
            Encoding.ASCII.GetBytes(Convert.ToBase64String(secret)),
            Encoding.ASCII.GetBytes(Convert.ToHexString(secret))];
        var uploads = contents.Concat(contents.Select(content => Platform.Wrap(content)))
            .Concat(contents.Select(content => Platform.Wrap(content, RSAEncryptionPadding.Pkcs1)))
            .Concat(Forms.Select(form => In(form.Data, secret)));
        string?[] hashes = [null, Platform.HashOf(secret), Convert.ToHexString(SHA256.HashData(secret)),
            Convert.ToBase64String(secret), Convert.ToHexString(secret), Platform.HashOf(Platform.Secret())];
        foreach (var upload in uploads)
        {
            foreach (var hash in hashes)
            {
                Traces.Of(secret).In(Told(upload, hash)).ShouldBeNull();
            }
        }
    }

    [Fact]
    public void No_weakness_is_described_by_what_is_weak()
    {
        var secret = Enumerable.Range(0, 32).Select(index => (byte)(index * 3)).ToArray();
        Traces.Of(secret).In(Told(Platform.Wrap(secret), Platform.HashOf(secret))).ShouldBeNull();
    }

    private static string Told(byte[] upload, string? hash)
    {
        try
        {
            var opened = Platform.Open(upload, hash);
            (opened as OpenedMaterial.Opened)?.Material.Dispose();
            return opened.ToString()!;
        }
        catch (Exception thrown)
        {
            return thrown.ToString();
        }
    }

    private static byte[] In(string form, byte[] secret) => form switch
    {
        "raw" => secret,
        "base64" => Encoding.ASCII.GetBytes("{\"k\":\"" + Convert.ToBase64String(secret) + "\"}"),
        "hex" => Encoding.ASCII.GetBytes(Convert.ToHexString(secret)),
        "url" => Encoding.ASCII.GetBytes(Convert.ToBase64String(secret).Replace('+', '-').Replace('/', '_')),
        _ => Encoding.ASCII.GetBytes(string.Join(", ", secret)),
    };
}
