// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAccusations} from "../interfaces/IAccusations.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IMalformed} from "../interfaces/IMalformed.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IClient} from "../interfaces/IClient.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {ContextProof} from "./ContextProof.sol";
import {FeeSplit} from "./FeeSplit.sol";
import {JobContext} from "./JobContext.sol";
import {MarketLedger} from "./MarketLedger.sol";

/// @notice Rules, limits and warnings: {IJobMarket}.
contract JobMarket is MarketLedger {
    using SafeERC20 for IERC20;

    uint256 private constant BASIS = 10_000;
    /// @dev One milli-MIEL in wei.
    uint256 private constant UNIT = 1e15;
    /// @dev Every function that takes terms takes them first, so abi.encode(terms) lies in calldata already. Words that
    /// overflow their types make ids that no job has: `post` encodes the terms for its event, which refuses them.
    uint256 private constant TERMS_END = 4 + 14 * 32;

    IClaims private immutable CLAIMS;
    IStakeManager private immutable STAKE;
    address private immutable PENALTIES;
    IMalformed private immutable MALFORMED;
    IParameters private immutable PARAMETERS;
    IAccusations private immutable ACCUSATIONS;

    /// @dev One slot each.
    mapping(bytes32 jobId => Job) private _jobs;

    constructor(
        IClaims claims,
        IStakeManager stake,
        address penalties,
        IModelRegistry models,
        IMalformed malformed,
        IParameters parameters,
        IAccusations accusations,
        address treasury,
        address auditPool
    ) MarketLedger(models, stake.miel(), treasury, auditPool) {
        CLAIMS = claims;
        STAKE = stake;
        PENALTIES = penalties;
        MALFORMED = malformed;
        PARAMETERS = parameters;
        ACCUSATIONS = accusations;
    }

    /// @inheritdoc IJobMarket
    function post(Terms calldata terms) external nonReentrant returns (bytes32 jobId) {
        require(msg.sender == terms.requester, JobMarket_Caller(msg.sender, terms.requester));
        require(terms.count != 0, JobMarket_Empty());
        require(!terms.isSealed || terms.provider != address(0), JobMarket_NoProvider());
        require(block.timestamp < terms.deadline, JobMarket_Deadline(terms.deadline, block.timestamp));
        uint16 epoch = PARAMETERS.openEpoch();
        require(epoch != 0, JobMarket_Paused());
        bytes32 reason = MALFORMED.barred(terms.programId);
        require(reason == 0, JobMarket_Barred(terms.programId, reason));
        (address token, uint256 price) = MODELS.quote(terms.model, terms.programId);
        require(price == 0 || (token == terms.token && terms.royalty >= price), JobMarket_Royalty(token, price));
        uint256 escrow = _escrow(terms);
        require(escrow <= type(uint128).max, JobMarket_TooMuch(escrow));

        jobId = jobIdOf(terms);
        Job storage row = _jobs[jobId];
        require(row.state == State.None, JobMarket_State(jobId, row.state));
        (row.epoch, row.state) = (epoch, State.Posted);
        _tell(jobId, terms);
        _take(IERC20(terms.token), msg.sender, escrow);
    }

    /// @inheritdoc IJobMarket
    function cancel(Terms calldata terms) external nonReentrant {
        require(msg.sender == terms.requester, JobMarket_Caller(msg.sender, terms.requester));
        bytes32 jobId = jobIdOf(terms);
        _require(jobId, State.Posted);
        _jobs[jobId].state = State.Cancelled;
        emit Cancelled(jobId);
        IERC20(terms.token).safeTransfer(terms.requester, _escrow(terms));
    }

    /// @inheritdoc IJobMarket
    function accept(Terms calldata terms) external {
        require(
            terms.provider == address(0) || terms.provider == msg.sender,
            JobMarket_Caller(msg.sender, terms.provider)
        );
        require(block.timestamp <= terms.deadline, JobMarket_Deadline(terms.deadline, block.timestamp));
        bytes32 jobId = jobIdOf(terms);
        Job memory row = _require(jobId, State.Posted);
        require(row.provider != msg.sender && row.time != block.timestamp, JobMarket_GivenBack(jobId));
        IParameters.JobRules memory rules = PARAMETERS.jobRules(row.epoch);
        uint256 collateral = (uint256(terms.collateral) + UNIT - 1) / UNIT;
        if (collateral < rules.collateralFloor) collateral = rules.collateralFloor;
        uint256 locked = STAKE.lock(msg.sender, PENALTIES, collateral, rules.collateralPerJobHeld, rules.minimumStake);
        require(locked <= type(uint40).max, JobMarket_TooMuch(locked));
        _jobs[jobId] = Job(msg.sender, uint40(locked), SafeCast.toUint32(block.timestamp), row.epoch, State.Accepted);
        emit Accepted(jobId, msg.sender, uint40(locked));
    }

    /// @inheritdoc IJobMarket
    function exit(Terms calldata terms) external {
        bytes32 jobId = jobIdOf(terms);
        Job memory row = _held(jobId);
        uint256 until = row.time + PARAMETERS.jobRules(row.epoch).freeExit;
        require(block.timestamp <= until || MALFORMED.barred(terms.programId) != 0, JobMarket_ExitOver(until));
        _jobs[jobId] = Job(msg.sender, 0, SafeCast.toUint32(block.timestamp), row.epoch, State.Posted);
        emit Exited(jobId, msg.sender);
        STAKE.release(msg.sender, PENALTIES, row.lock, 0);
    }

    /// @inheritdoc IJobMarket
    function submit(Terms calldata terms, bytes32 traceRoot, bytes32 receipt) external {
        require(terms.count == 1, JobMarket_Count(terms.count));
        bytes32 jobId = jobIdOf(terms);
        bytes32 context = JobContext.context(address(this), jobId, 0);
        bytes32 claim = JobContext.claim(terms.programId, terms.inputsRoot, traceRoot, context);
        _submit(terms, jobId, claim, traceRoot, receipt);
    }

    /// @inheritdoc IJobMarket
    function submitBatch(Terms calldata terms, bytes32 batchRoot, bytes32 receipt) external {
        require(terms.count != 1, JobMarket_Count(terms.count));
        _submit(terms, jobIdOf(terms), batchRoot, 0, receipt);
    }

    /// @inheritdoc IJobMarket
    function release(Terms calldata terms) external nonReentrant {
        require(msg.sender == terms.requester, JobMarket_Caller(msg.sender, terms.requester));
        bytes32 jobId = jobIdOf(terms);
        Job memory row = _require(jobId, State.Submitted);
        (IClaims.State state, uint32 voids) = CLAIMS.outcome(batchIdOf(jobId));
        require(state != IClaims.State.Rejected, JobMarket_Rejected(jobId));
        _jobs[jobId].state = State.Released;
        _pay(terms, jobId, row, voids, true);
    }

    /// @inheritdoc IJobMarket
    function withdraw(Terms calldata terms) external nonReentrant {
        bytes32 jobId = jobIdOf(terms);
        Job memory row = _jobs[jobId];
        bool released = row.state == State.Released;
        require(released || row.state == State.Submitted, JobMarket_State(jobId, row.state));
        (IClaims.State state, uint32 voids) = CLAIMS.outcome(batchIdOf(jobId));
        require(state != IClaims.State.Rejected, JobMarket_Rejected(jobId));
        require(state == IClaims.State.Final, JobMarket_NotFinal(jobId));
        _jobs[jobId].state = released ? State.Unlocked : State.Paid;
        STAKE.release(row.provider, PENALTIES, row.lock, 0);
        if (released) emit Unlocked(jobId);
        else _pay(terms, jobId, row, voids, false);
    }

    /// @inheritdoc IJobMarket
    function refund(Terms calldata terms) external nonReentrant {
        bytes32 jobId = jobIdOf(terms);
        Job memory row = _jobs[jobId];
        (Reason reason, uint256 kept) = (Reason.Late, 0);
        if (row.state == State.Accepted) {
            require(block.timestamp > terms.deadline, JobMarket_Deadline(terms.deadline, block.timestamp));
        } else {
            require(row.state == State.Submitted, JobMarket_State(jobId, row.state));
            require(CLAIMS.state(batchIdOf(jobId)) == IClaims.State.Rejected, JobMarket_NoRefund(jobId));
            reason = Reason.Rejected;
            if (!terms.isSealed) {
                (, kept, ) = FeeSplit.split(PARAMETERS, row.epoch, uint256(terms.fee) * terms.count, false);
                _creditFees(terms.token, 0, kept);
            }
        }
        _jobs[jobId].state = State.Refunded;
        if (reason == Reason.Late) {
            uint256 burned = (uint256(row.lock) * PARAMETERS.jobRules(row.epoch).lateness) / BASIS;
            STAKE.release(row.provider, PENALTIES, row.lock, burned);
        }
        _refund(terms, jobId, kept, 0, reason);
    }

    /// @inheritdoc IJobMarket
    function proveContext(Terms calldata terms, bytes calldata proof, bytes32 salt) external {
        bytes32 jobId = jobIdOf(terms);
        bytes32 batchId = batchIdOf(jobId);
        ACCUSATIONS.check(batchId, keccak256(proof), msg.sender, salt);
        uint32 leaf = ContextProof.foreignLeaf(terms, jobId, CLAIMS.batch(batchId).root, proof);
        CLAIMS.reject(batchId, leaf, msg.sender);
    }

    /// @inheritdoc IJobMarket
    function proveInput(
        Terms calldata terms,
        uint32 index,
        bytes32 inputsRoot,
        bytes calldata siblings,
        bytes calldata proof
    ) external nonReentrant {
        bytes32 jobId = jobIdOf(terms);
        Job memory row = _held(jobId);
        require(ContextProof.opens(terms.inputsRoot, inputsRoot, index, terms.count, siblings), JobMarket_Proof());
        require(MALFORMED.inputFault(terms.programId, inputsRoot, proof), JobMarket_NoFault());
        _jobs[jobId] = Job(row.provider, 0, row.time, row.epoch, State.Refunded);
        STAKE.release(row.provider, PENALTIES, row.lock, 0);
        uint256 burned = (_escrow(terms) * PARAMETERS.jobRules(row.epoch).inputFault) / BASIS;
        _credit(terms.token, BURN, burned);
        _refund(terms, jobId, 0, burned, Reason.InputFault);
    }

    /// @inheritdoc IClient
    function injured(bytes32 batchId, bytes calldata data) external view returns (address) {
        return requester(batchId, data);
    }

    /// @inheritdoc IClient
    function requester(bytes32 batchId, bytes calldata data) public view returns (address) {
        Terms memory terms = abi.decode(data, (Terms));
        require(batchIdOf(keccak256(abi.encode(terms))) == batchId, JobMarket_Terms(batchId));
        return terms.requester;
    }

    /// @inheritdoc IJobMarket
    function job(bytes32 jobId) external view returns (Job memory) {
        return _jobs[jobId];
    }

    /// @inheritdoc IJobMarket
    function jobIdOf(Terms calldata) public pure returns (bytes32) {
        return keccak256(msg.data[4:TERMS_END]);
    }

    /// @inheritdoc IJobMarket
    function batchIdOf(bytes32 jobId) public view returns (bytes32) {
        return keccak256(abi.encodePacked(address(this), jobId));
    }

    function _tell(bytes32 jobId, Terms calldata terms) private {
        emit Posted(
            jobId,
            terms.requester,
            terms.provider,
            terms.token,
            terms.deadline,
            terms.count,
            terms.salt,
            terms.fee,
            terms.royalty,
            terms.model,
            terms.programId,
            terms.inputsRoot,
            terms.inputs,
            terms.collateral,
            terms.isSealed
        );
    }

    function _submit(
        Terms calldata terms,
        bytes32 jobId,
        bytes32 batchRoot,
        bytes32 traceRoot,
        bytes32 receipt
    ) private {
        Job memory row = _held(jobId);
        require(block.timestamp <= terms.deadline, JobMarket_Deadline(terms.deadline, block.timestamp));
        _jobs[jobId].state = State.Submitted;
        emit Submitted(jobId, msg.sender, batchRoot, traceRoot, receipt);
        bytes32 batchId = CLAIMS.submit(jobId, batchRoot, terms.count, msg.sender, row.lock, row.epoch);
        if (terms.isSealed) CLAIMS.seal(batchId, terms.requester);
    }

    /// @dev Void claims pay nobody: half goes back, half is out of everybody's reach.
    function _pay(Terms calldata terms, bytes32 jobId, Job memory row, uint256 voids, bool released) private {
        uint256 good = terms.count - voids;
        uint256 amount = terms.fee * good;
        uint256 royalty = terms.royalty * good;
        uint256 voided = _escrow(terms) - amount - royalty;
        if (voided != 0) {
            _credit(terms.token, terms.requester, voided / 2);
            _credit(terms.token, BURN, voided - voided / 2);
        }
        (uint256 toTreasury, uint256 toAudits, uint256 burned) = FeeSplit.split(
            PARAMETERS,
            row.epoch,
            amount,
            terms.token == address(MIEL)
        );
        if (terms.isSealed) toAudits = 0;
        amount -= toTreasury + toAudits + burned;
        _creditFees(terms.token, toTreasury, toAudits);
        _burnFee(burned);
        _creditRoyalty(terms.token, terms.model, royalty);
        emit Paid(jobId, row.provider, amount, royalty, voided, released);
        _send(terms.token, STAKE.payee(row.provider, address(this)), amount);
    }

    function _refund(Terms calldata terms, bytes32 jobId, uint256 kept, uint256 burned, Reason reason) private {
        uint256 amount = _escrow(terms) - kept - burned;
        emit Refunded(jobId, terms.requester, amount, burned, reason);
        _send(terms.token, terms.requester, amount);
    }

    function _require(bytes32 jobId, State state) private view returns (Job memory row) {
        row = _jobs[jobId];
        require(row.state == state, JobMarket_State(jobId, row.state));
    }

    /// @dev The accepted job, for its provider.
    function _held(bytes32 jobId) private view returns (Job memory row) {
        row = _require(jobId, State.Accepted);
        require(row.provider == msg.sender, JobMarket_Caller(msg.sender, row.provider));
    }

    function _escrow(Terms calldata terms) private pure returns (uint256) {
        return (uint256(terms.fee) + terms.royalty) * terms.count;
    }
}
