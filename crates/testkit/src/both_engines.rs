/// Makes each scenario, an `async fn(Engine)`, two tests: on the embedded and on the real engines.
/// (A macro, because a function cannot make tests.)
#[macro_export]
macro_rules! on_both_engines {
    ($($scenario:ident),+ $(,)?) => {
        mod embedded {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                super::$scenario($crate::world::Engine::Embedded).await;
            })+
        }
        mod on_mongodb_and_jetstream {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                super::$scenario($crate::world::Engine::Real).await;
            })+
        }
    };
}
