using Microsoft.Extensions.Hosting;

namespace Kube.Runtime.Hosting;

/// <summary>Leaves the process's signals to the process: a host of ours ends when it is told to.</summary>
public sealed class NoopHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
