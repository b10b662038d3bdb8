using Kube.Client;
using Kube.Tests.Runtime;
using Shouldly;
using Xunit;

namespace Kube.Tests.Client;

public sealed class TokenFileCredentialsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_renewed_token_is_used_after_a_minute()
    {
        var credentials = Credentials("one\n");

        (await TokenAsync(credentials)).ShouldBe("one");
        folder.Write("token", "two");
        (await TokenAsync(credentials)).ShouldBe("one");
        time.Advance(TimeSpan.FromMinutes(1));
        (await TokenAsync(credentials)).ShouldBe("two");
    }

    [Fact]
    public async Task A_refused_token_is_read_again_at_once()
    {
        var credentials = Credentials("one");
        var first = await credentials.GetAsync(TestContext.Current.CancellationToken);
        folder.Write("token", "two");

        credentials.Refuse(first);

        (await TokenAsync(credentials)).ShouldBe("two");
    }

    [Fact]
    public async Task A_refused_token_that_has_not_changed_is_the_same_credential_so_nobody_tries_it_again()
    {
        var credentials = Credentials("one");
        var first = await credentials.GetAsync(TestContext.Current.CancellationToken);

        credentials.Refuse(first);

        (await credentials.GetAsync(TestContext.Current.CancellationToken)).ShouldBeSameAs(first);
    }

    [Fact]
    public async Task While_the_file_is_being_replaced_the_last_token_serves()
    {
        var credentials = Credentials("one");
        await TokenAsync(credentials);

        folder.Write("token", "");
        time.Advance(TimeSpan.FromMinutes(1));
        (await TokenAsync(credentials)).ShouldBe("one");
        File.Delete(Path.Combine(folder.Path, "token"));
        time.Advance(TimeSpan.FromMinutes(1));
        (await TokenAsync(credentials)).ShouldBe("one");
    }

    [Fact]
    public async Task Without_a_first_token_there_is_nothing_to_serve()
    {
        var credentials = Credentials("");

        (await Should.ThrowAsync<KubeConfigException>(() => TokenAsync(credentials))).Message.ShouldContain("the file is empty");
    }

    private TokenFileCredentials Credentials(string token) => new(folder.Write("token", token), null, time);

    private static async Task<string?> TokenAsync(TokenFileCredentials credentials) =>
        (await credentials.GetAsync(TestContext.Current.CancellationToken)).Authorization!.Parameter;
}
