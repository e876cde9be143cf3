"""What begins, does, watches and forgets the runs of the sweep."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.sweep_ports import SweepPorts

if TYPE_CHECKING:
    from shared.application.sweep.announcing import Announce
    from shared.application.sweep.collecting import Collect
    from shared.application.sweep.draining import DropGivenUpStages
    from shared.application.sweep.finishing import Finish
    from shared.application.sweep.forgetting import ForgetRuns
    from shared.application.sweep.judging import JudgeStage
    from shared.application.sweep.nightly import StartNightly
    from shared.application.sweep.planning import Plan
    from shared.application.sweep.reconciling import Reconcile
    from shared.application.sweep.watching import WatchRuns
    from shared.application.sweep.working import WorkOnRun


class Sweeping(SweepPorts):
    """The use cases of the sweep's own app."""

    @cached_property
    def start_nightly(self) -> "StartNightly":
        from shared.application.sweep.nightly import StartNightly

        return StartNightly(self.start_run, self.runs, self.send_stage, self.clock)

    @cached_property
    def work_on_run(self) -> "WorkOnRun":
        from shared.application.sweep.working import WorkOnRun

        return WorkOnRun(
            runs=self.runs,
            plan=self._plan_stage,
            collect=self._collect_stage,
            judge=self._judge_stage,
            finish=self._finish_stage,
            announce=self._announce_stage,
            nightly=self.start_nightly,
            send=self.send_stage,
            clock=self.clock,
        )

    @cached_property
    def watch_runs(self) -> "WatchRuns":
        from shared.application.sweep.watching import WatchRuns

        return WatchRuns(self.runs, self.snapshots, self.send_stage, self.clock)

    @cached_property
    def drop_given_up_stages(self) -> "DropGivenUpStages":
        from shared.application.sweep.draining import DropGivenUpStages

        return DropGivenUpStages(self.dead_letters)

    @cached_property
    def forget_runs(self) -> "ForgetRuns":
        from shared.application.sweep.forgetting import ForgetRuns

        return ForgetRuns(
            runs=self.runs,
            staging=self.staging,
            snapshots=self.snapshots,
            history=self.history,
            clock=self.clock,
            lasting=self.settings.run_retention,
        )

    @property
    def _plan_stage(self) -> "Plan":
        from shared.application.sweep.planning import Plan

        return Plan(self.tenant_source, self.records, self.app_passwords, self.runs, self.clock)

    @property
    def _collect_stage(self) -> "Collect":
        from shared.application.sweep.collecting import Collect
        from shared.application.sweep.filling import Filling
        from shared.application.sweep.rounds import ReadRound

        read = ReadRound(
            people=self.people_source,
            filling=Filling(self.one_by_one),
            monotonic=self.monotonic,
            live_most=self.settings.sweep_live_most,
        )
        return Collect(read, self.staging, self.runs, self.clock, self.monotonic)

    @property
    def _judge_stage(self) -> "JudgeStage":
        from shared.application.sweep.judging import JudgeStage

        return JudgeStage(
            runs=self.runs,
            staging=self.staging,
            snapshots=self.snapshots,
            app_passwords=self.app_passwords,
            clock=self.clock,
        )

    @property
    def _finish_stage(self) -> "Finish":
        from shared.application.sweep.finishing import Finish
        from shared.application.sweep.mending import MendPeople

        mend = MendPeople(
            snapshots=self.snapshots,
            request=self.request_enrolment,
            wanted=self.settings.sweep_mend,
            radius=self.settings.blast_radius(),
        )
        return Finish(self.runs, self.snapshots, self._reconcile, mend, self.clock)

    @property
    def _reconcile(self) -> "Reconcile":
        from shared.application.sweep.announced import ReadAnnounced
        from shared.application.sweep.reconciling import Reconcile

        return Reconcile(
            changes=self.own_changes,
            announced=ReadAnnounced(self.cases, self.case_lists),
            runs=self.runs,
            events=self.events,
            clock=self.clock,
            monotonic=self.monotonic,
            retention=self.settings.audit_log,
            tenant_id=self.settings.tenant_id,
        )

    @property
    def _announce_stage(self) -> "Announce":
        from shared.application.sweep.announcing import Announce
        from shared.application.sweep.telling import Tell

        return Announce(
            runs=self.runs,
            snapshots=self.snapshots,
            history=self.history,
            tell=Tell(self.events, self.settings.tenant_id),
            clock=self.clock,
        )
