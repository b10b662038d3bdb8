using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>What the charts make of a matrix of values. <c>UPDATE_GOLDEN=1</c> writes it anew.</summary>
[Trait("Server", "helm")]
public sealed class GoldenTests
{
    public static TheoryData<string, string> Cases => [.. ChartCase.All.Select(one => (one.Chart, one.Name))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_case_renders_as_its_golden_file_says(string chart, string name)
    {
        var one = new ChartCase(chart, name);
        var shown = ChartCase.Shown((await Helm.TemplateAsync(chart, one.Values, one.Arguments)).Require());
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(one.Golden, shown, TestContext.Current.CancellationToken);
        }

        shown.ShouldBe(await File.ReadAllTextAsync(one.Golden, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Helm_finds_nothing_to_say_of_a_case(string chart, string name)
    {
        var one = new ChartCase(chart, name);
        (await Helm.RunAsync(["lint", "--strict", Helm.ChartPath(chart), "--values", one.Values, .. one.Arguments]))
            .Require()
            .ShouldContain("0 chart(s) failed");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task No_two_objects_of_a_case_are_one_and_each_says_whose_it_is(string chart, string name)
    {
        var one = new ChartCase(chart, name);
        var objects = (await Helm.ObjectsAsync(chart, one.Values, one.Arguments)).Select(Manifest.Of).ToList();
        objects.Select(manifest => manifest.Id).ShouldBeUnique();
        objects.Where(manifest => manifest.IsNamespaced && manifest.Namespace.Length == 0)
            .Select(manifest => manifest.Id).ShouldBeEmpty();
    }

    [Fact]
    public void No_golden_file_is_left_of_a_case_that_is_gone() =>
        Directory.EnumerateFiles(Repository.PathTo("tests", "Charts.Tests", "golden"), "*", SearchOption.AllDirectories)
            .Except(ChartCase.All.Select(one => one.Golden)).ShouldBeEmpty();
}
