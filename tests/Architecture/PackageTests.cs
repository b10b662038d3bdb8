using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>What others wrote and we build on: under which licence, in which version,
/// and that somebody uses it.</summary>
public sealed class PackageTests(ITestOutputHelper output)
{
    /// <summary>They ask for no more than to be named.</summary>
    private static readonly HashSet<string> Permissive =
        ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MS-PL", "0BSD"];

    /// <summary>Packages from before nuspec files named a licence, by the address that they name instead.</summary>
    private static readonly Dictionary<string, string> Addresses = new()
    {
        ["https://github.com/dotnet/corefx/blob/master/LICENSE.TXT"] = "MIT",
        ["https://github.com/dotnet/standard/blob/master/LICENSE.TXT"] = "MIT",
    };

    /// <summary>What the MIT licence grants, asks for, and denies.</summary>
    private static readonly string[] Mit =
    [
        "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated "
            + "documentation files (the \"Software\"), to deal in the Software without restriction",
        "The above copyright notice and this permission notice shall be included in all copies or substantial "
            + "portions of the Software.",
        "THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND",
    ];

    /// <summary>Packages whose nuspec names a file of theirs: what stands in it, by its digest,
    /// as somebody read it.</summary>
    private static readonly Dictionary<string, string> Files = new()
    {
        ["F49CC7BE44C8D4B6EFFFED6AC00026F2FF2146310F040350B50BE30ED3F9C570"] = "Apache-2.0", // Apache.Arrow
    };

    private static readonly string Restored =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    [Fact]
    public void Every_package_has_a_permissive_licence()
    {
        var found = Locked().Distinct().Order().ToDictionary(package => package, LicenceOf);
        foreach (var licence in found.GroupBy(one => one.Value).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            output.WriteLine(
                $"{licence.Key}: {string.Join(", ", licence.Select(one => $"{one.Key.Id} {one.Key.Version}"))}");
        }

        found.ShouldNotBeEmpty();
        found.Where(one => !Permissive.Contains(one.Value))
            .Select(one => $"{one.Key.Id} {one.Key.Version}: {one.Value}").ShouldBeEmpty();
    }

    [Fact]
    public void Every_project_has_its_packages_on_record() =>
        SourceTree.Projects.Where(project => !File.Exists(LockOf(project)))
            .Select(project => $"{project}: dotnet restore writes its packages.lock.json; commit it").ShouldBeEmpty();

    [Fact]
    public void Every_project_asks_for_what_is_on_record() =>
        SourceTree.Projects.SelectMany(project => Asked(project)
                .Except(Direct(LockOf(project)), StringComparer.OrdinalIgnoreCase)
                .Select(package => $"{project}: {package} is not in packages.lock.json: dotnet restore, and commit it"))
            .ShouldBeEmpty();

    /// <summary>So what is restored and read here of one platform stands for all;
    /// the compiler ahead of time is of the platforms that it knows.</summary>
    [Fact]
    public void Every_platform_is_published_with_the_same_packages()
    {
        foreach (var project in SourceTree.Projects)
        {
            var platforms = Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "packages.*.lock.json")
                .ToDictionary(file => Path.GetFileName(file), file => Entries(file)
                    .Where(entry => !entry.Key.Contains("ILCompiler", StringComparison.Ordinal))
                    .Select(entry => $"{entry.Key} {(string?)entry.Value!["resolved"]}").Distinct()
                    .Order(StringComparer.Ordinal).ToList());
            foreach (var (platform, packages) in platforms)
            {
                packages.ShouldBe(platforms.First().Value, $"{project}: {platform}");
            }
        }
    }

    /// <summary>As build/release.sh names them.</summary>
    [Fact]
    public void Every_platform_of_a_release_has_its_packages_on_record()
    {
        var script = File.ReadAllText(Path.Combine(SourceTree.Root, "build", "release.sh"));
        var platforms = script.Split('\n').Single(line => line.Contains("-rA rids=(", StringComparison.Ordinal))
            .Split(']').Skip(1).Select(part => part.Split('=')[1].Split(' ', ')')[0]);
        platforms.Select(platform => $"packages.{platform}.lock.json").Order(StringComparer.Ordinal)
            .ShouldBe(
                Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "operator", "ByokOperator"),
                    "packages.*.lock.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_version_is_of_a_package_that_a_project_asks_for()
    {
        var versions = XDocument.Load(Path.Combine(SourceTree.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion").Select(version => (string)version.Attribute("Include")!);
        versions.Except(SourceTree.Projects.SelectMany(Asked)).ShouldBeEmpty();
    }

    private static IEnumerable<string> Asked(string project) =>
        XDocument.Load(project).Descendants("PackageReference")
            .Select(reference => (string)reference.Attribute("Include")!);

    private static string LockOf(string project) => Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json");

    private static IEnumerable<string> Direct(string file) =>
        File.Exists(file)
            ? Entries(file).Where(entry => (string?)entry.Value!["type"] == "Direct").Select(entry => entry.Key) : [];

    /// <summary>Of the projects themselves, and of what a publish has besides.</summary>
    private static IEnumerable<(string Id, string Version)> Locked() =>
        SourceTree.Projects.SelectMany(project =>
            Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "packages*.lock.json"))
            .SelectMany(Entries)
            .Where(entry => (string?)entry.Value!["type"] != "Project")
            .Select(entry => (entry.Key, (string)entry.Value!["resolved"]!));

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Entries(string file) =>
        JsonNode.Parse(File.ReadAllText(file))!["dependencies"]!.AsObject()
            .SelectMany(framework => framework.Value!.AsObject());

    private static string LicenceOf((string Id, string Version) package)
    {
        var (id, version) = (package.Id.ToLowerInvariant(), package.Version.ToLowerInvariant());
        var nuspec = Path.Combine(Restored, id, version, $"{id}.nuspec");
        if (!File.Exists(nuspec))
        {
            return $"not restored here ({nuspec}): dotnet restore ByokOperator.sln";
        }

        var metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string? Field(string name) =>
            metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
        var isExpression = metadata.Elements()
            .Any(element => element.Name.LocalName == "license" && (string?)element.Attribute("type") == "expression");
        return isExpression ? Field("license")!
            : Field("license") is { } file ? LicenceIn(Path.Combine(Path.GetDirectoryName(nuspec)!, file), file)
            : Field("licenseUrl") is { } address ? Addresses.GetValueOrDefault(address, address)
            : "none named";
    }

    /// <summary>A licence is known by its words, where a package brings them along and does not name it;
    /// another file by its digest.</summary>
    private static string LicenceIn(string path, string file)
    {
        if (!File.Exists(path))
        {
            return $"a file that is not there, {file}";
        }

        var words =
            string.Join(' ', File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return Mit.All(part => words.Contains(part, StringComparison.Ordinal)) ? "MIT"
            : Files.GetValueOrDefault(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))),
                $"a file that nobody has read, {file}");
    }
}
