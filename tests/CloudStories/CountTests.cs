using System.Reflection;
using Shouldly;
using Xunit;

namespace CloudStories;

public sealed class CountTests
{
    [Fact]
    public void Every_cloud_lives_through_the_same_stories() =>
        StoriesOf(typeof(AzureStories)).ShouldBe(StoriesOf(typeof(AwsStories)));

    [Fact]
    public void There_are_stories() => StoriesOf(typeof(AwsStories)).Count().ShouldBeGreaterThan(10);

    /// <summary>Those of its own too, so that one that stands for one cloud alone is found.</summary>
    private static IEnumerable<string> StoriesOf(Type stories) =>
        stories.GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is { Skip: null })
            .Select(method => method.Name).Order(StringComparer.Ordinal);
}
