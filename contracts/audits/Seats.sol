// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAuditPool} from "../interfaces/IAuditPool.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {DrawTree, DrawTrees} from "./DrawTree.sol";

/// @notice Who may be drawn, with what weight, and what it loses for not coming. See {IAuditPool}.
abstract contract Seats is IAuditPool {
    using SafeCast for uint256;

    /// @dev Longer than three quarters of the longest window: what is drawn can be done before its tree is gone.
    uint256 private constant TERM = 4 days;
    /// @dev What a weight counts in, in milli-MIEL: so that the whole supply fits the tree.
    uint256 private constant WEIGHT = 2_000;

    struct Heir {
        // slot 0
        address auditor;
        uint40 bond;
    }

    IStakeManager internal immutable STAKE;
    address internal immutable PENALTIES;
    IParameters internal immutable PARAMETERS;

    DrawTree internal _tree;
    mapping(uint256 seat => Seat) internal _seats;
    /// @dev Plus one.
    mapping(address auditor => uint256) private _seatOf;
    uint256 private _count;
    uint32[] private _free;
    /// @dev Who gets a seat when it is closed.
    mapping(uint256 seat => Heir) private _heirs;
    mapping(address auditor => bool) private _waits;

    constructor(IStakeManager stake, address penalties, IParameters parameters) {
        STAKE = stake;
        PENALTIES = penalties;
        PARAMETERS = parameters;
    }

    /// @inheritdoc IAuditPool
    function enroll() external returns (uint32 seat) {
        _requireSeatless(msg.sender);
        seat = _take();
        uint40 bond = _lock();
        STAKE.lock(msg.sender, PENALTIES, bond, 0, 0);
        _sit(seat, msg.sender, bond);
    }

    /// @inheritdoc IAuditPool
    function displace(uint32 seat) external {
        _requireSeatless(msg.sender);
        require(_free.length == 0 && _count == DrawTrees.LEAVES && seat < _count, AuditPool_Vacant());
        Heir memory before = _heirs[seat];
        address holder = before.auditor == address(0) ? _seats[seat].auditor : before.auditor;
        (uint256 weight, uint256 held) = (_weightOf(msg.sender), _weightOf(holder));
        require(weight != 0 && weight >= 2 * held, AuditPool_Lighter(weight, held));
        uint40 bond = _lock();
        _heirs[seat] = Heir(msg.sender, bond);
        _waits[msg.sender] = true;
        emit Displaced(seat, holder, msg.sender, bond);
        STAKE.lock(msg.sender, PENALTIES, bond, 0, 0);
        if (before.auditor != address(0)) {
            _waits[before.auditor] = false;
            STAKE.release(before.auditor, PENALTIES, before.bond, 0);
        } else if (_seats[seat].left == 0) {
            _leave(seat);
        }
    }

    /// @inheritdoc IAuditPool
    function refresh(address auditor) external {
        uint32 seat = seatOf(auditor);
        _weigh(seat, _seats[seat].left == 0 ? _weightOf(auditor) : 0);
    }

    /// @inheritdoc IAuditPool
    function resign() external {
        _leave(seatOf(msg.sender));
    }

    /// @inheritdoc IAuditPool
    function close(address auditor) external {
        uint32 seat = seatOf(auditor);
        Seat storage own = _seats[seat];
        (uint256 left, uint256 bond) = (own.left, own.bond);
        // in the term after the one in which it left it can be drawn no more; what was drawn in that ends with the next
        require(left != 0 && termOf(block.timestamp) > left + 1, AuditPool_Term(left + 1));
        delete _seatOf[auditor];
        emit Closed(seat, auditor);
        if (bond != 0) STAKE.release(auditor, PENALTIES, bond, 0);
        Heir memory heir = _heirs[seat];
        if (heir.auditor == address(0)) {
            (own.auditor, own.bond) = (address(0), 0);
            _free.push(seat);
        } else {
            delete _heirs[seat];
            _waits[heir.auditor] = false;
            _sit(seat, heir.auditor, heir.bond);
        }
    }

    /// @inheritdoc IAuditPool
    function seatAt(uint32 seat) external view returns (Seat memory) {
        return _seats[seat];
    }

    /// @inheritdoc IAuditPool
    function weightAt(uint32 seat, uint256 term) external view returns (uint256, uint256) {
        return (_tree.weightAt(seat, term), _tree.total(term));
    }

    /// @inheritdoc IAuditPool
    function seatOf(address auditor) public view returns (uint32) {
        uint256 place = _seatOf[auditor];
        require(place != 0, AuditPool_Seat(auditor));
        return uint32(place - 1);
    }

    /// @inheritdoc IAuditPool
    function termOf(uint256 time) public pure returns (uint256) {
        return time / TERM;
    }

    /// @dev Burns so much of a seat's bond, at most `most`; where the rest cannot pay for another `most`, or cannot be
    /// locked again, the seat is left.
    function _burnBond(uint32 seat, uint256 amount, uint256 most) internal returns (uint256 burned) {
        Seat storage own = _seats[seat];
        (address auditor, uint256 bond) = (own.auditor, own.bond);
        burned = Math.min(Math.min(amount, most), bond);
        if (burned == 0) return 0;
        uint256 rest = bond - burned;
        own.bond = uint40(rest);
        STAKE.release(auditor, PENALTIES, bond, burned);
        if (rest != 0) {
            try STAKE.lock(auditor, PENALTIES, rest, 0, 0) {} catch {
                (own.bond, rest) = (0, 0);
            }
        }
        if (rest < most && own.left == 0) _leave(seat);
    }

    /// @dev Whether as much of a seat's stake is locked as it was drawn by in batches of `term`, but for less than one lock.
    function _isFull(uint32 seat, uint256 term, uint256 lock) internal view returns (bool) {
        IStakeManager.Provision memory p = STAKE.provisionOf(_seats[seat].auditor, address(this), PENALTIES);
        return p.locked + lock >= (_tree.weightAt(seat, term - 1) + 1) * WEIGHT;
    }

    function _sit(uint32 seat, address auditor, uint40 bond) private {
        _seatOf[auditor] = uint256(seat) + 1;
        Seat storage own = _seats[seat];
        (own.auditor, own.bond, own.left) = (auditor, bond, 0);
        emit Enrolled(auditor, seat, bond);
        _weigh(seat, _weightOf(auditor));
    }

    function _leave(uint32 seat) private {
        Seat storage own = _seats[seat];
        require(own.left == 0, AuditPool_Seat(own.auditor));
        uint256 term = termOf(block.timestamp);
        own.left = term.toUint16();
        emit Left(seat, term);
        _weigh(seat, 0);
    }

    function _weigh(uint32 seat, uint256 weight) private {
        uint256 term = termOf(block.timestamp);
        _tree.set(seat, weight, term);
        emit Weighed(seat, weight, term);
    }

    /// @dev What could not back one audit besides its bond is not drawn.
    function _weightOf(address auditor) private view returns (uint256) {
        IStakeManager.Provision memory p = STAKE.provisionOf(auditor, address(this), PENALTIES);
        uint256 own = p.tokens - p.thawing;
        return own < 2 * uint256(_lock()) ? 0 : own / WEIGHT;
    }

    function _lock() private view returns (uint40) {
        return PARAMETERS.auditRules(PARAMETERS.epoch()).lock;
    }

    function _requireSeatless(address auditor) private view {
        require(_seatOf[auditor] == 0 && !_waits[auditor], AuditPool_Seat(auditor));
    }

    function _take() private returns (uint32 seat) {
        uint256 waiting = _free.length;
        if (waiting != 0) {
            seat = _free[waiting - 1];
            _free.pop();
            return seat;
        }
        require(_count < DrawTrees.LEAVES, AuditPool_Full());
        seat = uint32(_count++);
    }
}
