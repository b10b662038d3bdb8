using System.Security.Cryptography;
using System.Text;
using Byok.Material;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

public sealed class MaterialStrengthTests
{
    public static TheoryData<string, byte[], string> Weak => new()
    {
        { "zeros", new byte[32], "repeated" },
        { "a constant", Each(_ => 0xA5), "repeated" },
        { "a pair repeated", Each(index => index % 2 * 200), "repeated" },
        { "five bytes repeated", Each(index => 7 + index % 5 * 31), "repeated" },
        { "16 random bytes twice", [.. Half, .. Half], "repeated" },
        { "counting up", Each(index => index), "count" },
        { "counting down", Each(index => 255 - index), "count" },
        { "counting by 7 and over the end", Each(index => 250 + index * 7), "count" },
        { "16-bit words", Each(index => index % 2 == 0 ? index / 2 : 0x77), "count" },
        { "16-bit words, little end first", Each(index => index % 2 == 1 ? index / 2 : 0x77), "count" },
        { "32-bit words", Each(index => index % 4 == 3 ? 9 + index / 4 : index % 4 * 3 + 1), "count" },
        { "32-bit words, little end first", Each(index => index % 4 == 0 ? 9 + index / 4 : index % 4 * 3 + 1),
            "count" },
        { "64-bit words", Each(index => index % 8 == 7 ? index / 8 : 20 + index % 8), "count" },
        { "64-bit words, little end first", Each(index => index % 8 == 0 ? index / 8 : 20 + index % 8), "count" },
        { "twelve values", Each(index => (index * index * 5 + index / 3) % 12 * 19), "few different" },
        { "a 24-byte key padded", [.. RandomNumberGenerator.GetBytes(24), .. new byte[8]], "in a row" },
        { "mirrored halves", [.. Half, .. Half.Reverse()], "mirrored" },
        { "a password", Text("correct horse battery staple 42!"), "printable" },
        { "128 bits in hex", Text("9f86d081884c7d659a2feaa0c55ad015"), "printable" },
    };

    private static byte[] Half { get; } =
        [0x3B, 0xE1, 0x07, 0x9C, 0x52, 0xF8, 0xAD, 0x16, 0xC4, 0x6F, 0x81, 0x2A, 0xD9, 0x95, 0x70, 0x4E];

    [Theory]
    [MemberData(nameof(Weak))]
    public void A_pattern_is_refused(string pattern, byte[] secret, string words)
    {
        secret.Length.ShouldBe(32, pattern);
        MaterialStrength.WeaknessOf(secret).ShouldNotBeNull(pattern).ShouldContain(words);
        var refused = Platform.Open(Platform.Wrap(secret), Platform.HashOf(secret))
            .ShouldBeOfType<OpenedMaterial.Refused>();
        refused.Code.ShouldBe(RefusalCodes.Weak);
    }

    [Fact]
    public void Random_secrets_pass()
    {
        var secret = new byte[32];
        for (var count = 0; count < 100_000; count++)
        {
            RandomNumberGenerator.Fill(secret);
            MaterialStrength.WeaknessOf(secret).ShouldBeNull();
        }
    }

    private static byte[] Each(Func<int, int> value) =>
        [.. Enumerable.Range(0, 32).Select(index => (byte)value(index))];

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
