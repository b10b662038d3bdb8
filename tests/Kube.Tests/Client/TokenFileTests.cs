using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using k8s.Authentication;
using Kube.Client;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

public sealed class TokenFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_renewed_token_is_used_after_a_minute()
    {
        var tokens = Tokens("one\n");

        (await TokenAsync(tokens)).ShouldBe("one");
        folder.Write("token", "two");
        (await TokenAsync(tokens)).ShouldBe("one");
        ReadAt(tokens).ShouldBeInRange(DateTime.UtcNow, DateTime.UtcNow.AddMinutes(1));
        AMinutePasses(tokens);
        (await TokenAsync(tokens)).ShouldBe("two");
    }

    [Fact]
    public async Task A_refused_token_is_read_again_at_once()
    {
        var tokens = Tokens("one");
        var first = await ShownAsync(tokens);
        folder.Write("token", "two");

        tokens.Refuse(first);

        (await TokenAsync(tokens)).ShouldBe("two");
    }

    [Fact]
    public async Task A_late_refusal_of_the_old_one_says_nothing_about_the_new_one()
    {
        var tokens = Tokens("one");
        var first = await ShownAsync(tokens);
        folder.Write("token", "two");
        tokens.Refuse(first);
        await ShownAsync(tokens);
        folder.Write("token", "three");

        tokens.Refuse(first);

        (await TokenAsync(tokens)).ShouldBe("two");
    }

    [Fact]
    public async Task A_refused_token_that_has_not_changed_is_the_same_credential_so_nobody_tries_it_again()
    {
        var tokens = Tokens("one");
        var first = await ShownAsync(tokens);

        tokens.Refuse(first);

        (await ShownAsync(tokens)).ShouldBe(first);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_file_is_being_replaced_the_last_token_serves(bool isGone)
    {
        var tokens = Tokens("one");
        await TokenAsync(tokens);

        folder.Write("token", "");
        if (isGone)
        {
            File.Delete(Path.Combine(folder.Path, "token"));
        }

        AMinutePasses(tokens);
        (await TokenAsync(tokens)).ShouldBe("one");
        folder.Write("token", "two");
        AMinutePasses(tokens);
        (await TokenAsync(tokens)).ShouldBe("two");
    }

    [Fact]
    public async Task Without_a_first_token_there_is_nothing_to_serve()
    {
        var tokens = Tokens("");

        (await Should.ThrowAsync<KubeConfigException>(() => TokenAsync(tokens))).Message
            .ShouldContain("the file is empty");
    }

    private TokenFile Tokens(string token) => new(folder.Write("token", token), fallback: null);

    private static Task<AuthenticationHeaderValue> ShownAsync(TokenFile tokens) =>
        tokens.GetAuthenticationHeaderAsync(TestContext.Current.CancellationToken);

    private static async Task<string?> TokenAsync(TokenFile tokens) => (await ShownAsync(tokens)).Parameter;

    private static DateTime ReadAt(TokenFile tokens) => Expiry(FileOf(tokens));

    private static void AMinutePasses(TokenFile tokens) => Expire(FileOf(tokens), DateTime.UtcNow.AddSeconds(-1));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "file")]
    private static extern ref TokenFileAuth FileOf(TokenFile tokens);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TokenExpiresAt")]
    private static extern DateTime Expiry(TokenFileAuth auth);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_TokenExpiresAt")]
    private static extern void Expire(TokenFileAuth auth, DateTime when);
}
