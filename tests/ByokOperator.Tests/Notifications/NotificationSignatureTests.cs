using System.Security.Cryptography;
using System.Text;
using ByokOperator.Notifications;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Notifications;

public sealed class NotificationSignatureTests
{
    private static readonly byte[] secret = Encoding.ASCII.GetBytes("0123456789abcdef");
    private static readonly byte[] body = Encoding.UTF8.GetBytes("{\"ü\":1}");

    [Fact]
    public void It_is_the_HMAC_of_the_timestamp_a_full_stop_and_the_body() =>
        NotificationSignature.Sign(secret, "1795255200", body)
            .ShouldBe("v1="
                + Convert.ToHexStringLower(
                    HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes("1795255200.{\"ü\":1}"))));

    [Fact]
    public void Another_time_is_another_signature() =>
        NotificationSignature.Sign(secret, "1795255201", body)
            .ShouldNotBe(NotificationSignature.Sign(secret, "1795255200", body));

    [Fact]
    public void A_newline_at_the_end_of_the_file_is_no_part_of_the_secret()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "0123456789abcdef\r\n");
            new NotificationSecret(path, _ => null).Read().ShouldBe(secret);
            new NotificationSecret(null, name => name == NotificationSecret.FileVariable ? path : null).Read()
                .ShouldBe(secret);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("short")]
    public void A_secret_that_could_be_guessed_is_refused(string? given) =>
        new NotificationSecret(null,
            name => name == NotificationSecret.Variable ? given : null).Fault()!.ShouldContain("16 bytes or more");

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be() =>
        new NotificationSecret("/nowhere/secret", _ => null).Fault()!.ShouldContain("can't be read");
}
