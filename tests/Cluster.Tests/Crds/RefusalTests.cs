using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Crds;

/// <summary>What a person sees who applies a manifest: the server's own answer, with the mend.</summary>
[Trait("Server", "crdserver")]
public sealed class RefusalTests(CrdServer server) : IClassFixture<CrdServer>
{
    public static TheoryData<string> Good => [.. ManifestCase.Names("good")];

    public static TheoryData<string> Bad => [.. ManifestCase.Names("bad")];

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_good_manifest_is_accepted(string name)
    {
        CrdServer.SkipWithoutServer();
        foreach (var answer in await ApplyAllAsync(ManifestCase.Read("good", name)))
        {
            answer.IsSuccess.ShouldBeTrue(answer.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_bad_manifest_is_refused_with_the_mend(string name)
    {
        CrdServer.SkipWithoutServer();
        var manifest = ManifestCase.Read("bad", name);
        var answers = await ApplyAllAsync(manifest);
        answers.SkipLast(1).ShouldAllBe(answer => answer.IsSuccess);
        answers[^1].IsSuccess.ShouldBeFalse();
        answers[^1].Message.ShouldContain(manifest.Server);
        answers[^1].Message.ShouldNotContain("rule evaluation error");
    }

    [Theory]
    [InlineData("key-least", "  exclusive: true\n", "exclusive")]
    [InlineData("store-least", "  replica: {region: eu-central-1}\n", "replica")]
    public async Task A_field_that_does_not_work_yet_is_refused_by_its_name(string name, string field, string word)
    {
        CrdServer.SkipWithoutServer();
        var manifest = ManifestCase.Read("good", name);
        var answer = await server.ApplyAsync(CrdServer.PathOf(manifest.Documents[0], Space()),
            manifest.Texts[0].TrimEnd() + "\n" + field);
        answer.IsSuccess.ShouldBeFalse();
        answer.Message.ShouldContain($".spec.{word}");
    }

    private async Task<IReadOnlyList<CrdServer.Answer>> ApplyAllAsync(ManifestCase manifest)
    {
        var space = Space();
        var answers = new List<CrdServer.Answer>();
        foreach (var (text, document) in manifest.Texts.Zip(manifest.Documents))
        {
            answers.Add(await server.ApplyAsync(CrdServer.PathOf(document, space), text));
        }

        await server.DeleteAsync(CrdServer.PathOf(manifest.Documents[0], space));
        return answers;
    }

    private static string Space() => $"case-{Guid.NewGuid():n}";
}
