using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kube.Client;

/// <summary>One or more kubeconfig files seen as one: for each name, and for the current context,
/// the first file wins.</summary>
internal sealed class ConfigFiles
{
    /// <summary>A kubeconfig of a whole company is some hundred kilobytes; more is not a kubeconfig.</summary>
    private const long LargestFile = 16 * 1024 * 1024;

    private readonly IReadOnlyList<(string File, ConfigNode Root)> files;

    private ConfigFiles(IReadOnlyList<(string File, ConfigNode Root)> files) => this.files = files;

    public string Names => string.Join(Path.PathSeparator, files.Select(file => file.File));

    public string? CurrentContext =>
        files.Select(file => file.Root.Text("current-context")).FirstOrDefault(name => name is not null);

    public static ConfigFiles Read(string path) =>
        File.Exists(path)
            ? Parse(ReadText(path), path)
            : throw new KubeConfigException(
                $"{path}: there is no such kubeconfig: give a path, set KUBECONFIG, or run in a pod");

    /// <summary>Members that are not there are passed over, as kubectl does;
    /// all of them missing is a mistake.</summary>
    public static ConfigFiles ReadList(string list)
    {
        var paths =
            list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var present = paths.Where(File.Exists).ToList();
        return present.Count > 0
            ? new ConfigFiles([.. present.SelectMany(path => Parse(ReadText(path), path).files)])
            : throw new KubeConfigException($"KUBECONFIG: none of these files exists: {list}");
    }

    public static ConfigFiles Parse(string yaml, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException broken)
        {
            throw new KubeConfigException($"{file}: line {broken.Start.Line}: is not YAML: {broken.Message}", broken);
        }

        var root = stream.Documents.Count == 0 ? new YamlMappingNode()
            : stream.Documents[0].RootNode as YamlMappingNode;
        return root is null
            ? throw new KubeConfigException($"{file}: is not a kubeconfig: the top must be a mapping")
            : new ConfigFiles([(file, Checked(file, new ConfigNode(file, "", root)))]);
    }

    /// <summary>The body of the named entry of a section.</summary>
    public ConfigNode Find(string section, string name, string body) =>
        TryFind(section, name, body)
            ?? throw new KubeConfigException($"{Names}: {section} has no entry named '{name}'");

    public ConfigNode? TryFind(string section, string name, string body)
    {
        var entry = files.SelectMany(file => file.Root.List(section))
            .FirstOrDefault(entry => entry.Text("name") == name);
        return entry is null ? null : entry.Child(body) ?? throw entry.Problem(body, "is missing");
    }

    /// <summary>Of two entries with one name nobody knows which is meant.</summary>
    private static ConfigNode Checked(string file, ConfigNode root)
    {
        if (root.Text("kind") is not (null or "Config") || root.Text("apiVersion") is not (null or "v1"))
        {
            throw new KubeConfigException($"{file}: is not a kubeconfig: kind must be Config, and apiVersion v1");
        }

        foreach (var section in new[] { "contexts", "clusters", "users" })
        {
            if (root.List(section).GroupBy(entry => entry.Text("name"))
                .FirstOrDefault(name => name.Count() > 1) is { } twice)
            {
                throw new KubeConfigException($"{file}: {section} names '{twice.Key}' twice: remove one of them");
            }
        }

        return root;
    }

    private static string ReadText(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LargestFile
                ? File.ReadAllText(path)
                : throw new KubeConfigException($"{path}: is larger than {LargestFile} bytes: not a kubeconfig");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{path}: can't be read: {failure.Message}", failure);
        }
    }
}
