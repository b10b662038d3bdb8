using ByokOperator.Tests.Api;

namespace Charts.Tests;

/// <summary>A platform's own kustomization of a folder of the manifests, with components of theirs.</summary>
internal static class Overlay
{
    public static async Task<string> RenderAsync(string folder, params string[] components)
    {
        var own = Directory.CreateTempSubdirectory("byok-overlay-");
        try
        {
            string Path(params string[] of) =>
                System.IO.Path.GetRelativePath(own.FullName,
                    Repository.PathTo(["examples", "manifests", folder, .. of]));
            await File.WriteAllTextAsync(
                System.IO.Path.Combine(own.FullName, "kustomization.yaml"),
                $"resources: [{Path()}]\ncomponents: [{string.Join(", ", components.Select(one => Path(one)))}]\n");
            return (await Helm.KubectlAsync("kustomize", own.FullName)).Require();
        }
        finally
        {
            own.Delete(recursive: true);
        }
    }
}
