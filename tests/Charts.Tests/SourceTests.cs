using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>What the charts carry is what the rest of the repository says: kinds, policies, rights, versions.</summary>
[Trait("Server", "helm")]
public sealed partial class SourceTests
{
    private const string Keep = "helm.sh/resource-policy";

    private static readonly string[] OfRights = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

    [Theory]
    [InlineData("default", true)]
    [InlineData("unkept", false)]
    public async Task The_kinds_are_those_of_crds_and_outlive_an_uninstall_unless_asked(string name, bool kept)
    {
        var rendered = (await RenderAsync(name)).Where(manifest => manifest.Kind == "CustomResourceDefinition")
            .ToDictionary(manifest => manifest.Name);
        var source = Directory.EnumerateFiles(Repository.PathTo("crds"), "*.yaml")
            .Select(path => Manifest.Of(Yaml.Parse(File.ReadAllText(path)).Single())).ToList();
        rendered.Keys.Order().ShouldBe(source.Select(manifest => manifest.Name).Order());
        foreach (var definition in source)
        {
            var content = rendered[definition.Name].Content;
            ((string?)content["metadata"]!["annotations"]?[Keep]).ShouldBe(kept ? "keep" : null);
            content["metadata"]!.AsObject().Remove("annotations");
            content["metadata"]!["labels"]!.AsObject().Remove("team");
            JsonNode.DeepEquals(content, definition.Content).ShouldBeTrue(definition.Name);
        }
    }

    [Fact]
    public async Task The_admission_policies_are_those_of_crds()
    {
        var source = Directory.EnumerateFiles(Repository.PathTo("crds", "admission"), "*.yaml")
            .Where(path => Path.GetFileName(path) != "kustomization.yaml")
            .SelectMany(path => Yaml.Parse(File.ReadAllText(path))).Select(Manifest.Of).ToDictionary(one => one.Id);
        var rendered = (await RenderAsync("default"))
            .Where(manifest => manifest.Kind.StartsWith("ValidatingAdmission", StringComparison.Ordinal)).ToList();
        rendered.Select(one => one.Id).Order().ShouldBe(source.Keys.Order());
        rendered.Where(one => !JsonNode.DeepEquals(one.Content, source[one.Id].Content)).Select(one => one.Id)
            .ShouldBeEmpty();
    }

    /// <summary>A policy about an operator that is somebody else would bind nobody.</summary>
    [Fact]
    public async Task A_policy_about_the_operator_knows_it_by_the_name_it_was_given()
    {
        var rendered = (await Helm.TemplateAsync("byok-operator", null, "--namespace", "byok", "--set",
            "operator.serviceAccount.name=closer")).Require();
        rendered.ShouldContain("request.userInfo.username == 'system:serviceaccount:byok:closer'");
        rendered.ShouldContain("request.namespace != 'byok'");
        rendered.ShouldNotContain("byok-system");
    }

    /// <summary>Rule by rule, in their order, with the same subjects, as kustomize renders the manifests.</summary>
    [Theory]
    [InlineData("default", "operator")]
    [InlineData("everything", "operator", "import-api")]
    public async Task The_rights_are_those_of_the_manifests(string name, params string[] folders)
    {
        Dictionary<string, string> asked = [];
        foreach (var folder in folders)
        {
            var rendered = await Overlay.RenderAsync(folder, name == "everything" ? ["reviewed-metrics"] : []);
            foreach (var manifest in Yaml.Parse(rendered).Select(Manifest.Of).Where(one => OfRights.Contains(one.Kind)))
            {
                asked.Add(manifest.Id, RightsOf(manifest));
            }
        }

        var given = (await RenderAsync(name)).Where(one => OfRights.Contains(one.Kind))
            .ToDictionary(one => one.Id, RightsOf);
        given.Keys.Order().ShouldBe(asked.Keys.Order());
        foreach (var (id, rights) in given)
        {
            rights.ShouldBe(asked[id], id);
        }
    }

    [Fact]
    public async Task A_packaged_chart_renders_as_its_folder_does()
    {
        var folder = Directory.CreateTempSubdirectory("byok-chart-");
        try
        {
            (await Helm.RunAsync("package", Helm.ChartPath("byok-operator"), "--destination", folder.FullName))
                .Require();
            var values = new ChartCase("byok-operator", "everything").Values;
            var packaged = (await Helm.TemplateAsync(folder.EnumerateFiles().Single().FullName, values, "--set",
                "crds.enabled=true")).Require();
            packaged.ShouldBe(
                (await Helm.TemplateAsync("byok-operator", values, "--set", "crds.enabled=true")).Require());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_copy_that_lost_its_links_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("byok-chart-");
        try
        {
            (await Cluster.Tests.Primitives.Command
                .RunAsync("cp", ["-r", Helm.ChartPath("byok-operator"), folder.FullName])).Require();
            var copy = Path.Combine(folder.FullName, "byok-operator");
            Directory.Delete(Path.Combine(copy, "files"), recursive: true);
            foreach (var settings
                in (string[][])[[], ["--set", "crds.enabled=false"],
                    ["--set", "crds.enabled=false,admissionPolicies.enabled=false"]])
            {
                var ran = await Helm.TemplateAsync(copy, null, settings);
                ran.Succeeded.ShouldBeFalse();
                ran.Error.ShouldContain("without following symbolic links");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Versions_move_together()
    {
        var version = Version().Match(File.ReadAllText(Repository.PathTo("Directory.Build.props"))).Groups[1].Value;
        version.ShouldNotBeEmpty();
        foreach (var chart in Directory.EnumerateDirectories(Repository.PathTo("charts")))
        {
            var said = Yaml.Parse(File.ReadAllText(Path.Combine(chart, "Chart.yaml"))).Single();
            ((string?)said["version"], (string?)said["appVersion"]).ShouldBe((version, version), chart);
        }

        foreach (var file
            in Directory.EnumerateFiles(Repository.PathTo("examples", "manifests"), "kustomization.yaml",
                SearchOption.AllDirectories))
        {
            foreach (var image in Yaml.Parse(File.ReadAllText(file)).Single()["images"]?.AsArray() ?? [])
            {
                ((string?)image!["newTag"]).ShouldBe(version, file);
            }
        }
    }

    private static async Task<List<Manifest>> RenderAsync(string name)
    {
        var one = new ChartCase("byok-operator", name);
        return [.. (await Helm.ObjectsAsync(one.Chart, one.Values, one.Arguments)).Select(Manifest.Of)];
    }

    private static string RightsOf(Manifest manifest)
    {
        var aggregated = (manifest.Content["metadata"]!["labels"]?.AsObject() ?? [])
            .Where(label => label.Key.StartsWith("rbac.authorization.k8s.io/", StringComparison.Ordinal))
            .OrderBy(label => label.Key).Select(label => $"{label.Key}={label.Value}");
        return string.Join('\n', (string[])
        [
            .. manifest.Content["rules"]?.AsArray().Select(Text) ?? [],
            .. manifest.Content["subjects"]?.AsArray().Select(Text) ?? [],
            manifest.Content["roleRef"] is { } role ? Text(role) : "",
            .. aggregated,
        ]);
    }

    /// <summary>Fields by name: helm and kustomize order them each in their own way.</summary>
    private static string Text(JsonNode? node) =>
        string.Join(' ',
            node!.AsObject().OrderBy(field => field.Key)
                .Select(field => $"{field.Key}: {field.Value!.ToJsonString()}"));

    [GeneratedRegex("<Version>([^<]+)</Version>")]
    private static partial Regex Version();
}
