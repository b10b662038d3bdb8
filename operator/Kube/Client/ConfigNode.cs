using YamlDotNet.RepresentationModel;

namespace Kube.Client;

/// <summary>One mapping of a kubeconfig that knows where it stands,
/// so that every complaint can name file and field.</summary>
internal sealed class ConfigNode(string file, string path, YamlMappingNode mapping)
{
    public KubeConfigException Problem(string field, string what, Exception? inner = null) =>
        new($"{file}: {path}.{field} {what}", inner);

    public string? Text(string field) =>
        Node(field) switch
        {
            null => null,
            YamlScalarNode scalar => string.IsNullOrEmpty(scalar.Value) || IsNull(scalar) ? null : scalar.Value,
            _ => throw Problem(field, "must be a text"),
        };

    public string Required(string field) => Text(field) ?? throw Problem(field, "is missing");

    public bool Flag(string field) =>
        Text(field) switch
        {
            null or "false" or "False" => false,
            "true" or "True" => true,
            _ => throw Problem(field, "must be true or false"),
        };

    public ConfigNode? Child(string field) =>
        Node(field) switch
        {
            null => null,
            YamlScalarNode scalar when string.IsNullOrEmpty(scalar.Value) || IsNull(scalar) => null,
            YamlMappingNode child => new ConfigNode(file, $"{path}.{field}", child),
            _ => throw Problem(field, "must be a mapping"),
        };

    /// <summary>The names of its fields.</summary>
    public IEnumerable<string> Names => mapping.Children.Keys.OfType<YamlScalarNode>().Select(name => name.Value ?? "");

    /// <summary>The members of a list; scalars come as mappings with a <c>value</c>.</summary>
    public IReadOnlyList<ConfigNode> List(string field) =>
        Node(field) switch
        {
            null => [],
            YamlScalarNode scalar when string.IsNullOrEmpty(scalar.Value) || IsNull(scalar) => [],
            YamlSequenceNode list => [.. list.Children.Select((child, index) => Member(field, child, index))],
            _ => throw Problem(field, "must be a list"),
        };

    /// <summary>A path that is relative to the file it stands in.</summary>
    public string? FilePath(string field) =>
        Text(field) is { } text ? Path.Combine(Directory, text) : null;

    /// <summary><c>field-data</c> (base64) or <c>field</c> (a file); both are a mistake, as in kubectl.</summary>
    public byte[]? DataOrFile(string field)
    {
        if (Text(field + "-data") is { } data)
        {
            if (Text(field) is not null)
            {
                throw Problem(field, $"stands beside {field}-data: remove one of them");
            }

            var bytes = new byte[data.Length];
            return Convert.TryFromBase64String(data, bytes, out var written)
                ? bytes[..written]
                : throw Problem(field + "-data", "is not base64");
        }

        return FilePath(field) is { } filePath ? ReadFile(field, filePath) : null;
    }

    /// <summary>Where relative paths start.</summary>
    public string Directory => Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";

    private byte[] ReadFile(string field, string filePath)
    {
        try
        {
            return File.ReadAllBytes(filePath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Problem(field, $"names {filePath}, which can't be read: {failure.Message}", failure);
        }
    }

    private ConfigNode Member(string field, YamlNode child, int index) =>
        child switch
        {
            YamlMappingNode member => new ConfigNode(file, $"{path}.{field}[{index}]".TrimStart('.'), member),
            YamlScalarNode scalar =>
                new ConfigNode(file, $"{path}.{field}[{index}]", new YamlMappingNode("value", scalar)),
            _ => throw Problem(field, $"has an entry ({index}) that is neither text nor mapping"),
        };

    private YamlNode? Node(string field) =>
        mapping.Children.TryGetValue(new YamlScalarNode(field), out var node) ? node : null;

    private static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == YamlDotNet.Core.ScalarStyle.Plain && scalar.Value is "null" or "~";
}
