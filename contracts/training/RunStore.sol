// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IAccusations} from "../interfaces/IAccusations.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IDatasetRegistry} from "../interfaces/IDatasetRegistry.sol";
import {IMalformed} from "../interfaces/IMalformed.sol";
import {IMielToken} from "../interfaces/IMielToken.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IPenalties} from "../interfaces/IPenalties.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {IStepFaults} from "../interfaces/IStepFaults.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";

/// @notice What the parts of the training registry share: storage, the contracts it reads, and its debts.
abstract contract RunStore is ITrainingRegistry, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice The contracts that a registry is deployed with.
    struct Contracts {
        IClaims claims;
        IStakeManager stake;
        IPenalties penalties;
        IMielToken miel;
        IParameters parameters;
        IAccusations accusations;
        IMalformed malformed;
        IModelRegistry models;
        IDatasetRegistry datasets;
        IRoyalties royalties;
        IRandomness randomness;
        IStepFaults faults;
        address treasury;
        address auditPool;
    }

    struct Backing {
        // slot 0
        uint128 amount;
        bool refunded;
        bool claimed;
        bool compensated;
    }

    /// @dev What rejected trainers lost to runs, in wei: taken out of the stake manager and not paid on; and promised to
    /// runs and not paid.
    struct Miel {
        // slot 0
        uint128 inHand;
        uint128 promised;
    }

    uint256 internal constant BASIS = 10_000;
    /// @dev One milli-MIEL in wei.
    uint256 internal constant UNIT = 1e15;
    /// @dev Where payment tokens go that nobody may gain: most cannot be burned.
    address internal constant BURN = 0x000000000000000000000000000000000000dEaD;
    /// @dev Every function that takes terms takes them first, so abi.encode(terms) lies in calldata already. Words that
    /// overflow their types make ids that no run has: `create` encodes the terms for its event, which refuses them.
    uint256 private constant TERMS_END = 4 + 32 * 32;

    IClaims internal immutable CLAIMS;
    IStakeManager internal immutable STAKE;
    IPenalties internal immutable PENALTIES;
    IMielToken private immutable MIEL;
    IParameters internal immutable PARAMETERS;
    IAccusations internal immutable ACCUSATIONS;
    IMalformed internal immutable MALFORMED;
    IModelRegistry internal immutable MODELS;
    IDatasetRegistry internal immutable DATASETS;
    IRoyalties internal immutable ROYALTIES;
    IRandomness internal immutable RANDOMNESS;
    IStepFaults internal immutable FAULTS;
    address internal immutable TREASURY;
    address internal immutable AUDIT_POOL;

    mapping(bytes32 runId => Run) internal _runs;
    mapping(bytes32 runId => Money) internal _money;
    mapping(bytes32 runId => bytes32) internal _seeds;
    /// @dev keccak256(abi.encode(parent, turn)) of every round that has begun; stale above the current one.
    mapping(bytes32 runId => mapping(uint256 round => bytes32)) internal _starts;
    mapping(bytes32 runId => mapping(address account => Trainer)) internal _trainers;
    mapping(bytes32 runId => mapping(uint256 index => Seat)) internal _seats;
    mapping(bytes32 runId => mapping(address account => Backing)) internal _backing;
    /// @inheritdoc ITrainingRegistry
    mapping(address token => mapping(address account => uint256)) public owed;
    Miel private _miel;

    constructor(Contracts memory c) {
        (CLAIMS, STAKE, PENALTIES, MIEL) = (c.claims, c.stake, c.penalties, c.miel);
        (PARAMETERS, ACCUSATIONS, MALFORMED) = (c.parameters, c.accusations, c.malformed);
        (MODELS, DATASETS, ROYALTIES) = (c.models, c.datasets, c.royalties);
        (RANDOMNESS, FAULTS, TREASURY, AUDIT_POOL) = (c.randomness, c.faults, c.treasury, c.auditPool);
    }

    /// @inheritdoc ITrainingRegistry
    function runIdOf(Terms calldata) public pure returns (bytes32) {
        return keccak256(msg.data[4:TERMS_END]);
    }

    function _require(bytes32 runId, State state) internal view returns (Run memory row) {
        row = _runs[runId];
        require(row.state == state, TrainingRegistry_State(runId, row.state));
    }

    function _credit(address token, address account, uint256 amount) internal {
        if (amount != 0) owed[token][account] += amount;
    }

    /// @dev Pays out, or keeps it as owed where the token will not move.
    function _send(address token, address to, uint256 amount) internal {
        if (amount != 0 && !IERC20(token).trySafeTransfer(to, amount)) _credit(token, to, amount);
    }

    /// @dev Takes exactly `amount` from the caller: a token that keeps a fee is refused.
    function _take(IERC20 token, uint256 amount) internal {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        require(received == amount, TrainingRegistry_TokenAmount(amount, received));
    }

    /// @dev Promises a run up to `amount` of the MIEL that came to this contract and is not promised yet: a slash that
    /// compensated nobody leaves less.
    function _promise(uint256 amount) internal returns (uint64 units) {
        Miel memory miel = _miel;
        uint256 free = STAKE.credit(address(this)) + miel.inHand - miel.promised;
        units = uint64((free < amount * UNIT ? free : amount * UNIT) / UNIT);
        _miel.promised = miel.promised + uint128(units * UNIT);
    }

    /// @dev Pays promised MIEL, in wei.
    function _payMiel(address to, uint256 amount) internal {
        if (amount == 0) return;
        Miel memory miel = _miel;
        uint256 credit = miel.inHand < amount ? STAKE.credit(address(this)) : 0;
        _miel = Miel(uint128(miel.inHand + credit - amount), uint128(miel.promised - amount));
        if (credit != 0) STAKE.withdrawCredit();
        IERC20(MIEL).safeTransfer(to, amount);
    }
}
