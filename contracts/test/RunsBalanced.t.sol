// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Claims} from "../claims/Claims.sol";
import {Penalties} from "../claims/Penalties.sol";
import {ProtocolParameters} from "../governance/ProtocolParameters.sol";
import {MielToken} from "../governance/MielToken.sol";
import {IBootstrapGrants} from "../interfaces/IBootstrapGrants.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {PoolFees} from "../staking/PoolFees.sol";
import {StakeManager} from "../staking/StakeManager.sol";
import {RunEscrow} from "../training/RunEscrow.sol";
import {TrainingRegistry} from "../training/TrainingRegistry.sol";
import {TestBase} from "./TestBase.sol";
import {Token__Mock} from "./Token__Mock.sol";
import {Training__Harness} from "./Training__Harness.sol";

/// @notice Takes the last runs of any terms along any path, as initiator, backers, trainers and referee. What the rules
/// refuse changes nothing; `done` counts what was not refused, by function.
contract RunHandler is TestBase {
    uint256 private constant PRICE = 7;
    uint256 private constant UNIT = 1e15;
    address private constant TREASURY = address(0xE1);
    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    Token__Mock public immutable token;
    MielToken public immutable miel;
    StakeManager public immutable stake;
    Claims public immutable claims;
    Training__Harness public immutable harness;
    TrainingRegistry public immutable registry;
    RunEscrow public immutable escrow;
    uint256 private immutable DATASET;

    address[2] public trainers = [address(0xB1), address(0xB2)];
    address[2] public backers = [address(0xC1), address(0xC2)];
    uint256 public paidIn;
    mapping(bytes4 selector => uint256) public done;

    ITrainingRegistry.Terms[] private _runs;
    mapping(uint256 run => ITrainingRegistry.Batch[]) private _batches;
    mapping(uint256 run => uint256) public gross;
    mapping(uint256 run => uint256) public sharesClaimed;
    mapping(uint256 run => uint256) public mielPaid;
    mapping(uint256 run => mapping(address trainer => uint256)) private _paidSteps;

    constructor() {
        token = new Token__Mock();
        ProtocolParameters parameters = new ProtocolParameters(address(this), address(0));
        (address[] memory who, uint256[] memory amounts) = (new address[](2), new uint256[](2));
        for (uint256 i = 0; i < 2; i++) (who[i], amounts[i]) = (trainers[i], 1e25);
        miel = new MielToken(who, amounts);
        stake = new StakeManager(miel, 14 days, address(new PoolFees()), IBootstrapGrants(address(0)));
        claims = new Claims(parameters, address(this), address(this), address(this));
        Penalties penalties = new Penalties(claims, stake, parameters);
        harness = new Training__Harness(claims, stake, penalties, parameters, miel, TREASURY);
        (registry, escrow) = (harness.registry(), harness.escrow());
        (who, amounts) = (new address[](0), new uint256[](0));
        DATASET = harness.assets().datasets().register("t", "c", 9, "m", address(token), 7, who, amounts);
        for (uint256 i = 0; i < 2; i++) {
            vm.prank(trainers[i]);
            miel.approve(address(stake), type(uint256).max);
            vm.prank(trainers[i]);
            stake.stake(1e25);
            vm.prank(trainers[i]);
            stake.provision(address(registry), address(penalties), 1e25);
            vm.prank(backers[i]);
            token.approve(address(escrow), type(uint256).max);
        }
    }

    function create(uint64 fee, uint8 steps, uint8 rounds, uint16 share) external {
        ITrainingRegistry.Terms memory t;
        (t.initiator, t.token, t.dataset, t.version, t.rows) = (address(this), address(token), DATASET, 1, 9);
        (t.steps, t.rounds, t.seats, t.depth) = (uint16(steps % 5) + 1, uint24(rounds % 3) + 1, 1, 3);
        (t.feePerStep, t.salt) = (fee, uint64(_runs.length));
        t.fundingDeadline = uint40(block.timestamp + 5 days);
        (t.roundSeconds, t.deadline) = (1 hours, uint40(block.timestamp + 30 days));
        (t.collateral, t.dependantPay) = (1_000_000, 1_001);
        (t.backersShare, t.trainersShare) = (share % 5_001, 3_333);
        t.initiatorShare = 10_000 - t.backersShare - t.trainersShare;
        registry.create(t, "");
        _runs.push(t);
        ++done[msg.sig];
    }

    function fund(uint256 index, uint256 who, uint96 amount, bool whole) public {
        if (_runs.length == 0) return;
        (, ITrainingRegistry.Terms memory t) = _at(index);
        address backer = backers[who % 2];
        uint256 most = whole ? escrow.budgetOf(t, PRICE) : amount % 1e20;
        token.mint(backer, most);
        uint256 before = token.balanceOf(backer);
        _try(backer, address(escrow), abi.encodeCall(escrow.fund, (t, most)), msg.sig);
        paidIn += before - token.balanceOf(backer);
    }

    /// @notice Brings a run to its next state, or its next round.
    function advance(uint256 index, uint256 who, uint8 luck) external {
        if (_runs.length == 0) return;
        (uint256 run, ITrainingRegistry.Terms memory t) = _at(index);
        ITrainingRegistry.Run memory row = registry.run(idOf(run));
        if (row.state == ITrainingRegistry.State.Funding) return fund(index, who, 0, true);
        if (row.state == ITrainingRegistry.State.Funded) {
            harness.set(luck % 16 == 0 ? IRandomness.Status.Expired : IRandomness.Status.Known);
            _try(address(this), address(registry), abi.encodeCall(registry.draw, (t)), msg.sig);
            return;
        }
        address trainer = trainers[who % 2];
        _try(trainer, address(registry), abi.encodeCall(registry.join, (t, 0, 4, 0, "")), msg.sig);
        bytes32 checkpoint = keccak256(abi.encode(run, row.turn));
        uint16 seat = registry.trainer(idOf(run), trainer).seat;
        bytes memory data = abi.encodeCall(
            registry.submit,
            (idOf(run), row.turn, t.steps, checkpoint, checkpoint, checkpoint)
        );
        if (seat != 0 && _try(trainer, address(registry), data, msg.sig)) {
            _batches[run].push(ITrainingRegistry.Batch(row.round, row.turn, 0, 0, trainer, t.steps, checkpoint, 0));
        }
    }

    function resign(uint256 index, uint256 who) external {
        if (_runs.length == 0) return;
        (uint256 run, ) = _at(index);
        _try(trainers[who % 2], address(registry), abi.encodeCall(registry.resign, (idOf(run))), msg.sig);
    }

    function judge(uint256 index, uint256 which, uint8 leaf, uint8 verdict) external {
        if (_runs.length == 0) return;
        (uint256 run, ITrainingRegistry.Terms memory t) = _at(index);
        if (_batches[run].length == 0) return;
        ITrainingRegistry.Batch memory batch = _batches[run][which % _batches[run].length];
        bytes32 batchId = _batchOf(run, batch);
        if (claims.state(batchId) != IClaims.State.Pending) return;
        leaf = uint8(leaf % batch.count);
        if (verdict % 3 == 0) {
            claims.reject(batchId, leaf, address(0xD1));
            _try(address(this), address(registry), abi.encodeCall(registry.drop, (t, batch)), msg.sig);
        } else if (!claims.isVoid(batchId, leaf)) {
            claims.annul(batchId, leaf);
        }
    }

    function unlock(uint256 index, uint256 which) external {
        if (_runs.length == 0) return;
        (uint256 run, ITrainingRegistry.Terms memory t) = _at(index);
        if (_batches[run].length == 0) return;
        ITrainingRegistry.Batch memory batch = _batches[run][which % _batches[run].length];
        _try(address(this), address(registry), abi.encodeCall(registry.unlock, (t, batch)), msg.sig);
    }

    function settle(uint256 index) external {
        if (_runs.length == 0) return;
        (uint256 run, ) = _at(index);
        pass(1 days + 1, 3_601);
        uint256 settled = registry.run(idOf(run)).settled;
        for (uint256 i = _batches[run].length; i > 0; i--) {
            ITrainingRegistry.Batch memory b = _batches[run][i - 1];
            if (b.round != settled) continue;
            ITrainingRegistry.Round[] memory rounds = new ITrainingRegistry.Round[](1);
            rounds[0].checkpoint = b.checkpoint;
            rounds[0].contributions = new ITrainingRegistry.Contribution[](1);
            rounds[0].contributions[0] = ITrainingRegistry.Contribution(0, b.count, b.trainer, b.checkpoint);
            _try(address(this), address(registry), abi.encodeCall(registry.settle, (idOf(run), rounds)), msg.sig);
            return;
        }
    }

    function close(uint256 index, bool late) external {
        if (_runs.length == 0) return;
        (uint256 run, ITrainingRegistry.Terms memory t) = _at(index);
        if (late && block.timestamp <= t.deadline) vm.warp(uint256(t.deadline) + 1);
        _try(address(this), address(registry), abi.encodeCall(registry.stop, (t)), msg.sig);
        if (_try(address(this), address(registry), abi.encodeCall(registry.close, (idOf(run))), msg.sig)) {
            _try(address(this), address(escrow), abi.encodeCall(escrow.makeModel, (t)), escrow.makeModel.selector);
        }
    }

    function withdraw(uint256 index, uint256 who) external {
        if (_runs.length == 0) return;
        (uint256 run, ITrainingRegistry.Terms memory t) = _at(index);
        address trainer = trainers[who % 2];
        uint256 before = miel.balanceOf(trainer);
        if (!_try(address(this), address(escrow), abi.encodeCall(escrow.withdraw, (t, trainer)), msg.sig)) return;
        uint256 steps = registry.trainer(idOf(run), trainer).steps;
        gross[run] += (steps - _paidSteps[run][trainer]) * t.feePerStep;
        _paidSteps[run][trainer] = steps;
        mielPaid[run] += miel.balanceOf(trainer) - before;
    }

    function refund(uint256 index, uint256 who) external {
        if (_runs.length == 0) return;
        (, ITrainingRegistry.Terms memory t) = _at(index);
        _try(address(this), address(escrow), abi.encodeCall(escrow.refund, (t, backers[who % 2])), msg.sig);
        _try(address(this), address(escrow), abi.encodeCall(escrow.burn, (t)), escrow.burn.selector);
    }

    function payData(uint256 index) external {
        if (_runs.length == 0) return;
        (, ITrainingRegistry.Terms memory t) = _at(index);
        _try(address(this), address(escrow), abi.encodeCall(escrow.payData, (t)), msg.sig);
    }

    function compensate(uint256 index, uint256 who, bool late) external {
        if (_runs.length == 0) return;
        (uint256 run, ITrainingRegistry.Terms memory t) = _at(index);
        if (late) pass(31 days, 1);
        address backer = backers[who % 2];
        uint256 before = miel.balanceOf(backer);
        _try(address(this), address(escrow), abi.encodeCall(escrow.compensate, (t, backer)), msg.sig);
        mielPaid[run] += miel.balanceOf(backer) - before;
    }

    function claimShares(uint256 index, uint256 who) external {
        if (_runs.length == 0) return;
        (uint256 run, ITrainingRegistry.Terms memory t) = _at(index);
        address account = [trainers[0], trainers[1], backers[0], backers[1], address(this)][who % 5];
        uint256 before = sharesHeld(run);
        _try(address(this), address(escrow), abi.encodeCall(escrow.claimShares, (t, account)), msg.sig);
        sharesClaimed[run] += before - sharesHeld(run);
    }

    function collect(uint256 who) external {
        address account = [TREASURY, BURN][who % 2];
        _try(address(this), address(escrow), abi.encodeCall(escrow.collect, (address(token), account)), msg.sig);
    }

    function count() external view returns (uint256) {
        return _runs.length;
    }

    function termsAt(uint256 run) external view returns (ITrainingRegistry.Terms memory) {
        return _runs[run];
    }

    function idOf(uint256 run) public view returns (bytes32) {
        return keccak256(abi.encode(_runs[run]));
    }

    /// @notice Shares of a run's model that the escrow still holds; zero before there are any.
    function sharesHeld(uint256 run) public view returns (uint256) {
        uint256 model = uint256(keccak256(abi.encode(idOf(run))));
        try harness.assets().models().sharesOf(model) returns (address shares) {
            return shares == address(0) ? 0 : Token__Mock(shares).balanceOf(address(escrow));
        } catch {
            return 0;
        }
    }

    /// @notice What the escrow owes for a run: earned and not withdrawn, to its data set, to backers, to be burned.
    function owedFor(uint256 run) external view returns (uint256 sum) {
        ITrainingRegistry.Terms memory t = _runs[run];
        bytes32 runId = idOf(run);
        ITrainingRegistry.State state = registry.run(runId).state;
        RunEscrow.Fund memory own = escrow.fundOf(runId);
        bool closed = state >= ITrainingRegistry.State.Completed;
        uint256 all = own.backed;
        uint256 spent;
        if (closed) {
            uint256 burned;
            (all, burned) = escrow.left(t);
            if (!own.burned) sum += burned;
            if (state != ITrainingRegistry.State.Void) {
                sum += uint256(registry.sums(runId).earned) * t.feePerStep - gross[run];
                if (!own.dataPaid) sum += PRICE;
            }
        } else {
            spent = gross[run] + (own.dataPaid ? PRICE : 0);
        }
        for (uint256 i = 0; i < 2; i++) {
            RunEscrow.Backing memory gave = escrow.backing(runId, backers[i]);
            if (!gave.refunded && own.backed != 0) sum += (all * gave.amount) / own.backed;
        }
        sum -= spent;
    }

    /// @notice Everything that is in accounts outside the escrow, in the payment token.
    function received() external view returns (uint256 sum) {
        sum = token.balanceOf(address(harness.assets().royalties()));
        address[4] memory who = [trainers[0], trainers[1], TREASURY, BURN];
        for (uint256 i = 0; i < 4; i++) sum += token.balanceOf(who[i]);
    }

    function owed() external view returns (uint256) {
        address of_ = address(token);
        return escrow.owed(of_, TREASURY) + escrow.owed(of_, BURN);
    }

    function _at(uint256 index) private view returns (uint256 run, ITrainingRegistry.Terms memory terms) {
        uint256 runs = _runs.length;
        run = runs - 1 - (index % (runs < 2 ? runs : 2));
        terms = _runs[run];
    }

    function _batchOf(uint256 run, ITrainingRegistry.Batch memory batch) private view returns (bytes32) {
        return keccak256(abi.encodePacked(registry, keccak256(abi.encode(idOf(run), batch))));
    }

    function _try(address from, address to, bytes memory data, bytes4 kind) private returns (bool ok) {
        vm.prank(from);
        // solhint-disable-next-line avoid-low-level-calls
        (ok, ) = to.call(data);
        if (ok) ++done[kind];
    }
}

/// @notice That runs give out what came in, once.
contract RunsBalancedTest is TestBase {
    RunHandler private handler;

    function setUp() public {
        handler = new RunHandler();
        targetContract(address(handler));
    }

    /// @dev One way through every function: what the rules refuse is refused for a reason, not by mistake.
    function test_EveryPathCanBeTaken() public {
        handler.create(1_000, 1, 1, 100);
        handler.fund(0, 1, 50, false);
        for (uint256 i = 0; i < 3; i++) handler.advance(0, 0, 1);
        handler.judge(0, 0, 1, 1);
        handler.resign(0, 0);
        handler.advance(0, 1, 1);
        for (uint256 i = 0; i < 2; i++) handler.settle(0);
        handler.close(0, false);
        handler.payData(0);
        for (uint256 i = 0; i < 5; i++) handler.claimShares(0, i);
        handler.create(1_000, 1, 2, 100);
        for (uint256 i = 0; i < 3; i++) handler.advance(0, 0, 1);
        handler.resign(0, 0);
        handler.advance(0, 1, 1);
        handler.judge(0, 0, 0, 0);
        handler.settle(0);
        handler.unlock(0, 1);
        handler.withdraw(0, 1);
        require(handler.mielPaid(1) != 0, "no dependant was paid");
        handler.close(0, true);
        handler.compensate(0, 0, true);
        for (uint256 i = 0; i < 4; i++) {
            handler.refund(i / 2, i);
            if (i < 2) handler.withdraw(1, i);
            else handler.collect(i);
        }
        bytes4[13] memory kinds = [
            handler.create.selector,
            handler.fund.selector,
            handler.advance.selector,
            handler.resign.selector,
            handler.judge.selector,
            handler.settle.selector,
            handler.close.selector,
            handler.payData.selector,
            handler.claimShares.selector,
            handler.unlock.selector,
            handler.withdraw.selector,
            handler.refund.selector,
            handler.compensate.selector
        ];
        for (uint256 i = 0; i < 13; i++) require(handler.done(kinds[i]) != 0, "a path that nothing takes");
        require(handler.sharesHeld(0) < 10, "shares that nobody has");
        require(handler.done(handler.escrow().burn.selector) != 0, "nothing burned");
        invariant_TheEscrowHoldsWhatItOwesAndNothingIsGainedByRounding();
        invariant_WhatRejectedTrainersLostCoversWhatIsPromisedOfIt();
        invariant_AStepIsPaidAtMostOnce();
        invariant_SharesHandedOutAreThoseThatThereAre();
    }

    function invariant_TheEscrowHoldsWhatItOwesAndNothingIsGainedByRounding() public view {
        RunEscrow escrow = handler.escrow();
        uint256 held = handler.token().balanceOf(address(escrow));
        uint256 sum = handler.owed();
        for (uint256 i = 0; i < handler.count(); i++) sum += handler.owedFor(i);
        require(sum <= held, "more is owed than there is");
        require(held - sum <= 2 * handler.count(), "more than a unit of each backer is nobody's");
    }

    function invariant_AStepIsPaidAtMostOnce() public view {
        for (uint256 i = 0; i < handler.count(); i++) {
            bytes32 runId = handler.idOf(i);
            ITrainingRegistry.Terms memory t = handler.termsAt(i);
            ITrainingRegistry.Sums memory sums = handler.registry().sums(runId);
            uint256 steps;
            for (uint256 k = 0; k < 2; k++) steps += handler.registry().trainer(runId, handler.trainers(k)).steps;
            assertEq(steps, sums.earned, "steps of trainers");
            require(uint256(sums.earned) + sums.voided <= uint256(t.steps) * t.rounds, "more than the run has");
            require(handler.gross(i) <= steps * t.feePerStep, "paid twice");
        }
    }

    function invariant_SharesHandedOutAreThoseThatThereAre() public view {
        for (uint256 i = 0; i < handler.count(); i++) {
            uint256 claimed = handler.sharesClaimed(i);
            require(claimed <= 1e24, "more than the supply");
            if (claimed != 0) assertEq(claimed + handler.sharesHeld(i), 1e24, "supply");
        }
    }

    function invariant_WhatRejectedTrainersLostCoversWhatIsPromisedOfIt() public view {
        RunEscrow escrow = handler.escrow();
        uint256 held = handler.miel().balanceOf(address(escrow)) + handler.stake().credit(address(escrow));
        uint256 sum;
        for (uint256 i = 0; i < handler.count(); i++) {
            bytes32 runId = handler.idOf(i);
            uint256 all = handler.registry().sums(runId).pool;
            for (uint256 k = 0; k < 2; k++) {
                uint256 dependants = handler.registry().trainer(runId, handler.trainers(k)).dependants;
                all += dependants * handler.termsAt(i).dependantPay;
            }
            sum += all * 1e15 - handler.mielPaid(i);
        }
        require(sum <= held, "more MIEL is promised than there is");
    }
}
