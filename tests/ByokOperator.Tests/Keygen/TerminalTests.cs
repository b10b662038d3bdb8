using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keygen;

/// <summary>Passwords typed at a terminal.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly Workbench bench = new();

    public TerminalTests() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Workbench.Has("script")
            && Workbench.Has("openssl"), "needs script(1) and openssl");

    [Fact]
    public async Task A_password_is_asked_for_twice_and_not_shown()
    {
        var ran = await MakeAsync($"{Workbench.Password}\n", $"{Workbench.Password}\n");
        ran.Code.ShouldBe(0, ran.Text);
        ran.Text.ShouldNotContain("horse");
        ran.Text.ShouldContain(Workbench.HashOf(bench.ReadBackupByOpenssl("backup")));
    }

    [Fact]
    public async Task A_slip_can_be_taken_back()
    {
        var ran = await MakeAsync($"{Workbench.Password}xx\u007f\u007f\n", $"{Workbench.Password}\n");
        ran.Code.ShouldBe(0, ran.Text);
        bench.ReadBackupByOpenssl("backup").Length.ShouldBe(32);
    }

    [Fact]
    public async Task Two_passwords_that_differ_make_nothing()
    {
        var ran = await MakeAsync("one of many words\n", "another of many words\n");
        ran.Code.ShouldBe(1, ran.Text);
        ran.Text.ShouldContain("differ");
        File.Exists(bench.PathTo("backup")).ShouldBeFalse();
        File.Exists(bench.PathTo("encrypted_secret.bin")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_secret_is_not_typed_in()
    {
        var ran = await Terminal.ConverseAsync(bench, $"key wrap -k {Workbench.PublicKey}");
        ran.Code.ShouldBe(2, ran.Text);
        ran.Text.ShouldContain("standard input");
    }

    public void Dispose() => bench.Dispose();

    private Task<Ran> MakeAsync(string first, string second) =>
        Terminal.ConverseAsync(bench, $"key generate -k {Workbench.PublicKey} --backup backup",
            ("Password of the backup:", first), ("Once more:", second));
}
