namespace Kube.Client;

/// <summary>Asks for leave before each attempt that changes something:
/// between two attempts a process may have been asleep.</summary>
internal sealed class WriteGuardHandler(Action leave) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get)
        {
            leave();
        }

        return base.SendAsync(request, cancellationToken);
    }
}
