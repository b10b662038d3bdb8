using Kube.Runtime.Events;

namespace ByokOperator.Notifications;

/// <summary>What controllers say to people beside status: Events to whoever looks at the cluster,
/// notices to the sink outside.</summary>
internal sealed record Publisher(EventRecorder Events, NotificationBoard Notifications);
