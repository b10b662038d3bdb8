using Microsoft.Extensions.Hosting;

namespace Kube.Runtime.Hosting;

/// <summary>
/// A manager's life within its host's: wired while the host starts, run once all that is served is up, and at its end
/// before any of that goes.
/// </summary>
internal sealed class HostedOperator(
    IServiceProvider services,
    Func<IServiceProvider, CancellationToken, Task<Manager>> wire,
    IHostApplicationLifetime host)
    : IHostedLifecycleService, IDisposable
{
    private Manager? manager;

    /// <summary>Stands once the host has started.</summary>
    public Manager Manager => manager ?? throw new InvalidOperationException("the host has not started");

    /// <summary>Ends with the manager, with one of <see cref="ExitCodes"/>.</summary>
    public Task<int> Running { get; private set; } = Task.FromResult(ExitCodes.Stopped);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken) =>
        manager = await wire(services, cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Running = RunAsync();
        return Task.CompletedTask;
    }

    /// <summary>Work in hand has its own bounds, which are longer than a server's.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        host.StopApplication();
        await ((Task)Running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // told to whoever runs the host
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        manager?.Dispose();
        manager = null;
    }

    private async Task<int> RunAsync()
    {
        try
        {
            return await Manager.RunAsync(host.ApplicationStopping);
        }
        finally
        {
            host.StopApplication(); // nothing is left that it could serve
        }
    }
}
