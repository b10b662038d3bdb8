using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>The walls between projects, and one place for package versions.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData("operator/Byok.Copying/Byok.Copying.csproj", "Cloud")]
    [InlineData("operator/Byok.Import/Byok.Import.csproj", "Byok.Material Kube")]
    [InlineData("operator/Byok.Material/Byok.Material.csproj", "")]
    [InlineData("operator/Kube/Kube.csproj", "")]
    [InlineData("operator/Cloud/Cloud.csproj", "")]
    [InlineData("operator/Cloud.Aws/Cloud.Aws.csproj", "Cloud")]
    [InlineData("operator/Cloud.Azure/Cloud.Azure.csproj", "Cloud")]
    [InlineData("operator/ByokOperator/ByokOperator.csproj",
        "Byok.Copying Byok.Import Byok.Material Cloud Cloud.Aws Cloud.Azure Kube")]
    public void A_project_refers_only_downwards(string project, string allowed) =>
        References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension)
            .Except(allowed.Split(' ')).ShouldBeEmpty();

    [Theory]
    [InlineData("operator/Byok.Copying/Byok.Copying.csproj",
        "Microsoft.Extensions.Logging Polly.Core System.CommandLine")]
    [InlineData("operator/Byok.Import/Byok.Import.csproj", "-")]
    [InlineData("operator/Byok.Material/Byok.Material.csproj", "-")]
    [InlineData("operator/Kube/Kube.csproj", "KubernetesClient.Aot YamlDotNet OpenTelemetry. Polly.Core")]
    [InlineData("operator/Cloud/Cloud.csproj", "Polly Microsoft.Extensions.Logging")]
    [InlineData("operator/Cloud.Aws/Cloud.Aws.csproj", "AWSSDK.")]
    [InlineData("operator/Cloud.Azure/Cloud.Azure.csproj", "Azure.")]
    [InlineData("operator/ByokOperator/ByokOperator.csproj",
        "System.CommandLine OpenTelemetry Polly.Core Cronos YamlDotNet")]
    public void A_project_takes_only_the_packages_that_its_part_needs(string project, string allowed) =>
        References(project, "PackageReference")
            .Where(package => !allowed.Split(' ').Any(one => package.StartsWith(one, StringComparison.Ordinal)))
            .ShouldBeEmpty();

    /// <summary>
    /// Byok.Copying and Byok.Import show what others use of them as public types. The older rooms do not yet: their
    /// adapters, fakes and probes share internals with the worlds that test them,
    /// which is listed nowhere but in their projects.
    /// </summary>
    [Theory]
    [InlineData("operator/Byok.Copying/Byok.Copying.csproj", "Byok.Copying.Tests")]
    [InlineData("operator/Byok.Import/Byok.Import.csproj", "Byok.Import.Tests")]
    public void Internals_are_shown_to_the_tests_of_the_same_name_alone(string project, string friend) =>
        References(project, "InternalsVisibleTo").ShouldBe([friend]);

    [Fact]
    public void Versions_stand_in_Directory_Packages_props_alone() =>
        SourceTree.Projects
            .Where(path =>
                XDocument.Load(path).Descendants("PackageReference")
                    .Any(package =>
                        package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null))
            .ShouldBeEmpty();

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "ByokOperator.sln")).Replace('\\', '/');
        SourceTree.Projects.Select(path => Path.GetRelativePath(SourceTree.Root, path).Replace('\\', '/'))
            .Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Warnings_are_not_silenced_for_a_whole_project() =>
        SourceTree.Projects.Where(path =>
            XDocument.Load(path).Descendants("NoWarn")
                .Any(silenced => silenced.PreviousNode is not XComment && silenced.NextNode is not XComment))
            .ShouldBeEmpty();

    private static IEnumerable<string> References(string project, string element) =>
        XDocument.Load(Path.Combine(SourceTree.Root, project)).Descendants(element)
            .Select(reference => (string)reference.Attribute("Include")!);
}
