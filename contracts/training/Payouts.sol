// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {Rounds} from "./Rounds.sol";

/// @notice How a run ends, and who gets what: everything is drawn by whom it belongs to.
abstract contract Payouts is Rounds {
    using SafeERC20 for IERC20;

    /// @dev What {IModelRegistry-registerTrained} mints.
    uint256 private constant SHARES = 1_000_000e18;

    /// @inheritdoc ITrainingRegistry
    function stop(Terms calldata terms) external {
        bytes32 runId = runIdOf(terms);
        _require(runId, State.Running);
        require(block.timestamp > terms.deadline, TrainingRegistry_Deadline(terms.deadline, block.timestamp));
        _runs[runId].state = State.Stopped;
    }

    /// @inheritdoc ITrainingRegistry
    function close(Terms calldata terms) external {
        bytes32 runId = runIdOf(terms);
        Run memory row = _runs[runId];
        bool complete = row.settled == row.rounds;
        require(
            (row.state == State.Running && complete) || (row.state == State.Stopped && row.settled == row.round),
            TrainingRegistry_State(runId, row.state)
        );
        Money storage own = _money[runId];
        uint256 burned = (uint256(own.voided) * terms.feePerStep) / 2;
        uint256 unspent =
            own.backed -
                own.dataPrice -
                burned -
                uint256(own.earned) * terms.feePerStep -
                uint256(own.aggregations) * terms.aggregationFee;
        uint256 forfeit = complete ? 0 : (unspent * PARAMETERS.runRules(row.epoch)) / BASIS;
        row.state = complete ? State.Completed : State.Ended;
        _runs[runId].state = row.state;
        own.refundable = uint128(unspent - forfeit);
        own.closed = uint32(block.timestamp);
        _credit(terms.token, BURN, burned + forfeit);
        emit Closed(runId, row.state, unspent - forfeit, burned + forfeit);
    }

    /// @inheritdoc ITrainingRegistry
    function makeModel(Terms calldata terms) external nonReentrant returns (uint256 model) {
        bytes32 runId = runIdOf(terms);
        _require(runId, State.Completed);
        address shares;
        (model, shares) = MODELS.registerTrained(
            terms.initiator,
            runId,
            terms.manifest,
            terms.baseModel,
            terms.baseRoyalty,
            terms.dataset,
            terms.version,
            terms.dataRoyalty,
            terms.token
        );
        emit ModelMade(runId, model, shares);
    }

    /// @inheritdoc ITrainingRegistry
    function withdraw(Terms calldata terms, address account) external nonReentrant {
        bytes32 runId = runIdOf(terms);
        Trainer memory own = _trainers[runId][account];
        uint256 amount =
            uint256(own.owedSteps) * terms.feePerStep + uint256(own.owedAggregations) * terms.aggregationFee;
        uint256 miel = uint256(own.owedDependants) * terms.dependantPay * UNIT;
        require(own.owedSteps != 0 || own.owedAggregations != 0 || own.owedDependants != 0, TrainingRegistry_Nothing());
        (own.owedSteps, own.owedAggregations, own.owedDependants) = (0, 0, 0);
        _trainers[runId][account] = own;
        (uint256 protocolFee, uint256 verificationFee) = PARAMETERS.feeRules(_runs[runId].epoch);
        protocolFee = (amount * protocolFee) / BASIS;
        verificationFee = (amount * verificationFee) / BASIS;
        amount -= protocolFee + verificationFee;
        _credit(terms.token, TREASURY, protocolFee);
        _credit(terms.token, AUDIT_POOL, verificationFee);
        emit Withdrawn(runId, account, amount, miel);
        _payMiel(account, miel);
        _send(terms.token, account, amount);
    }

    /// @inheritdoc ITrainingRegistry
    function refund(Terms calldata terms, address backer) external nonReentrant {
        bytes32 runId = runIdOf(terms);
        State state = _runs[runId].state;
        Money memory own = _money[runId];
        Backing storage gave = _backing[runId][backer];
        require(gave.amount != 0 && !gave.refunded, TrainingRegistry_Nothing());
        uint256 amount = gave.amount;
        if (state == State.Funding) {
            require(
                block.timestamp > terms.fundingDeadline,
                TrainingRegistry_Deadline(terms.fundingDeadline, block.timestamp)
            );
        } else {
            require(state >= State.Completed, TrainingRegistry_State(runId, state));
            amount = (own.refundable * amount) / own.backed;
        }
        gave.refunded = true;
        emit Refunded(runId, backer, amount);
        _send(terms.token, backer, amount);
    }

    /// @inheritdoc ITrainingRegistry
    function compensate(Terms calldata terms, address backer) external nonReentrant {
        bytes32 runId = runIdOf(terms);
        Money memory own = _money[runId];
        uint256 until = own.closed + PATIENCE;
        require(own.closed != 0 && block.timestamp > until, TrainingRegistry_Deadline(until, block.timestamp));
        Backing storage gave = _backing[runId][backer];
        uint256 amount = (own.pool * UNIT * gave.amount) / own.backed;
        require(amount != 0 && !gave.compensated, TrainingRegistry_Nothing());
        gave.compensated = true;
        emit Compensated(runId, backer, amount);
        _payMiel(backer, amount);
    }

    /// @inheritdoc ITrainingRegistry
    function claimShares(Terms calldata terms, address account) external nonReentrant {
        bytes32 runId = runIdOf(terms);
        _require(runId, State.Completed);
        Money memory own = _money[runId];
        Backing storage gave = _backing[runId][account];
        uint256 amount = (SHARES * terms.backersShare * gave.amount) / (BASIS * own.backed);
        uint256 steps = _trainers[runId][account].steps;
        if (steps != 0) amount += (SHARES * terms.trainersShare * steps) / (BASIS * own.earned);
        if (account == terms.initiator) amount += (SHARES * terms.initiatorShare) / BASIS;
        require(amount != 0 && !gave.claimed, TrainingRegistry_Nothing());
        gave.claimed = true;
        emit SharesClaimed(runId, account, amount);
        address shares = MODELS.sharesOf(uint256(keccak256(abi.encode(runId))));
        IERC20(shares).safeTransfer(account, amount);
    }

    /// @inheritdoc ITrainingRegistry
    function collect(address token, address account) external nonReentrant {
        uint256 amount = owed[token][account];
        require(amount != 0, TrainingRegistry_Nothing());
        delete owed[token][account];
        emit Collected(token, account, amount);
        IERC20(token).safeTransfer(account, amount);
    }
}
